import { z } from 'zod4';
import { freeText } from '../entities/free-text.ts';
import { pageQuery } from '../entities/page.ts';
import { handle, id, newPassword, newTimestamp, password, scope } from '../entities/primitives.ts';
import { createdToken, refreshed, sessionInfoPage, signedIn, tokenPage } from '../entities/session.ts';
import { operation } from '../operation.ts';
import { created, empty, jsonBody, noBody, ok, page } from '../payloads.ts';

export const sessions = {
  createSession: operation({
    method: 'POST',
    path: '/sessions',
    summary: 'Sign in',
    description:
      'Returns `invalid_credentials` for an unknown handle and for a wrong password alike. Attempts are limited for each network and each handle. Store the session: its access token is valid for 15 minutes, and its refresh token gets the next one. An account can have 100 sessions; another one ends the least recently used session.',
    service: 'profile',
    sdk: 'sessions.create',
    cli: 'login',
    priority: 'high',
    auth: 'none',
    rateLimit: 'signIn',
    body: jsonBody(
      z
        .strictObject({
          handle,
          password,
          deviceToken: z
            .string()
            .min(1)
            .max(200)
            .optional()
            .describe('The `deviceToken` of the last sign-in to this account from this client.')
            .meta({ examples: ['twd_…'] }),
        })
        .meta({ id: 'Credentials' }),
    ),
    answer: created(signedIn),
    errors: ['invalid_credentials', 'account_suspended', 'answer_revoked'],
  }),
  refreshSession: operation({
    method: 'POST',
    path: '/sessions/refresh',
    summary: 'Refresh a session',
    description:
      'Exchanges a refresh token for new tokens. Within 30 seconds the same refresh token returns the same new tokens, so a lost response does no harm. Reusing it later, or after its successor was used, ends the session.',
    service: 'profile',
    sdk: 'sessions.refresh',
    cli: { none: 'The SDK refreshes sessions by itself.' },
    priority: 'high',
    auth: 'none',
    rateLimit: 'refresh',
    body: jsonBody(
      z
        .strictObject({
          refreshToken: z
            .string()
            .min(1)
            .max(200)
            .meta({ examples: ['twr_…'] }),
        })
        .meta({ id: 'RefreshRequest' }),
    ),
    answer: ok(refreshed),
    errors: ['invalid_token', 'answer_revoked'],
  }),
  resetPassword: operation({
    method: 'POST',
    path: '/password-resets',
    summary: 'Reset a password',
    description:
      'Takes the token of a reset link, which works once. Ends all sessions and all personal access tokens of the account.',
    service: 'profile',
    sdk: 'sessions.resetPassword',
    cli: 'password reset',
    priority: 'high',
    auth: 'none',
    rateLimit: 'signIn',
    body: jsonBody(
      z
        .strictObject({
          token: z
            .string()
            .min(1)
            .max(200)
            .meta({ examples: ['tws_…'] }),
          newPassword,
        })
        .meta({ id: 'PasswordResetUse' }),
    ),
    answer: empty,
    errors: ['invalid_reset_token'],
  }),
  listSessions: operation({
    method: 'GET',
    path: '/sessions',
    summary: 'List your sessions, newest first',
    description:
      '`current` marks the session that sent the request. Use deleteSession to end a session that you do not recognise.',
    service: 'profile',
    sdk: 'sessions.list',
    cli: 'session list',
    query: pageQuery,
    answer: page(sessionInfoPage),
  }),
  deleteSession: operation({
    method: 'DELETE',
    path: '/sessions/:sessionId',
    summary: 'End a session',
    description: 'Use `current` as the id to end the session that sends the request.',
    service: 'profile',
    sdk: 'sessions.delete',
    cli: 'session delete',
    pathParams: z.object({ sessionId: z.union([z.literal('current'), id]) }),
    body: noBody,
    answer: empty,
    errors: ['session_not_found'],
  }),
  createToken: operation({
    method: 'POST',
    path: '/tokens',
    summary: 'Create a personal access token',
    description:
      'Requires your password and a session; tokens cannot create tokens. The scope `admin` requires the role moderator or admin. An account can have 100 tokens. A password change or a suspension permanently revokes them.',
    service: 'profile',
    sdk: 'tokens.create',
    cli: 'token create',
    sessionOnly: true,
    rateLimit: 'signIn',
    body: jsonBody(
      z
        .strictObject({
          password,
          name: freeText(100)
            .min(1)
            .meta({ examples: ['My bot'] }),
          scopes: z.array(scope).min(1).max(3),
          expiresAt: newTimestamp.optional(),
        })
        .meta({ id: 'NewToken' }),
    ),
    answer: created(createdToken),
    errors: ['insufficient_role', 'wrong_password', 'too_many_tokens', 'answer_revoked'],
  }),
  listTokens: operation({
    method: 'GET',
    path: '/tokens',
    summary: 'List your personal access tokens, newest first',
    description: 'Does not include secrets: only createToken returns them.',
    service: 'profile',
    sdk: 'tokens.list',
    cli: 'token list',
    query: pageQuery,
    answer: page(tokenPage),
  }),
  deleteToken: operation({
    method: 'DELETE',
    path: '/tokens/:tokenId',
    summary: 'Revoke a personal access token',
    description: 'Takes effect at once. Returns `token_not_found` for a token of another account.',
    service: 'profile',
    sdk: 'tokens.delete',
    cli: 'token delete',
    pathParams: z.object({ tokenId: id }),
    body: noBody,
    answer: empty,
    errors: ['token_not_found'],
  }),
};
