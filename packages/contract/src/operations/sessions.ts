import { initContract } from '@ts-rest/core';
import { z } from 'zod4';
import { freeText } from '../entities/free-text.ts';
import { pageQuery } from '../entities/page.ts';
import { handle, id, newPassword, newTimestamp, password, scope } from '../entities/primitives.ts';
import { createdToken, refreshed, sessionInfoPage, signedIn, tokenPage } from '../entities/session.ts';
import { operation } from '../operation.ts';

const c = initContract();

export const sessions = {
  createSession: operation({
    method: 'POST',
    path: '/sessions',
    summary: 'Sign in',
    description:
      'A wrong handle and a wrong password get the same answer, `invalid_credentials`. Attempts are limited by network, and for each handle. Keep the session: it holds an access token for 15 minutes, and a refresh token for the next one. An account may have 100 sessions: one more ends the session that was not used for the longest time.',
    service: 'profile',
    priority: 'high',
    auth: 'none',
    rateLimit: 'signIn',
    body: z
      .strictObject({
        handle,
        password,
        deviceToken: z
          .string()
          .min(1)
          .max(200)
          .optional()
          .describe('Of the last sign-in to this account from this client.')
          .meta({ examples: ['twd_…'] }),
      })
      .meta({ id: 'Credentials' }),
    responses: { 201: signedIn },
    errors: ['invalid_credentials', 'account_suspended', 'answer_revoked'],
  }),
  refreshSession: operation({
    method: 'POST',
    path: '/sessions/refresh',
    summary: 'Trade a refresh token for its successor',
    description:
      'Within 30 seconds the same token gets the same successor, so a lost response is harmless. Reusing it later, or after its successor was itself refreshed, ends the session.',
    service: 'profile',
    priority: 'high',
    auth: 'none',
    rateLimit: 'refresh',
    body: z
      .strictObject({
        refreshToken: z
          .string()
          .min(1)
          .max(200)
          .meta({ examples: ['twr_…'] }),
      })
      .meta({ id: 'RefreshRequest' }),
    responses: { 200: refreshed },
    errors: ['invalid_token', 'answer_revoked'],
  }),
  resetPassword: operation({
    method: 'POST',
    path: '/password-resets',
    summary: 'Set a new password with the token of a reset link',
    description: 'Ends every session and every personal access token of the account, and uses up the link.',
    service: 'profile',
    priority: 'high',
    auth: 'none',
    rateLimit: 'signIn',
    body: z
      .strictObject({
        token: z
          .string()
          .min(1)
          .max(200)
          .meta({ examples: ['tws_…'] }),
        newPassword,
      })
      .meta({ id: 'PasswordResetUse' }),
    responses: { 204: c.noBody() },
    errors: ['invalid_reset_token'],
  }),
  listSessions: operation({
    method: 'GET',
    path: '/sessions',
    summary: 'List your sessions, newest first',
    description:
      '`current` marks the session that the request came with. End one that you do not recognise with deleteSession.',
    service: 'profile',
    query: pageQuery,
    responses: { 200: sessionInfoPage },
  }),
  deleteSession: operation({
    method: 'DELETE',
    path: '/sessions/:sessionId',
    summary: 'End a session',
    description: '`current` ends the one that the request came with.',
    service: 'profile',
    pathParams: z.object({ sessionId: z.union([z.literal('current'), id]) }),
    responses: { 204: c.noBody() },
    errors: ['session_not_found'],
  }),
  createToken: operation({
    method: 'POST',
    path: '/tokens',
    summary: 'Create a personal access token',
    description:
      'Needs the password again, and a session: a token cannot create tokens. The scope `admin` needs the role of a moderator or admin. An account may have 100 tokens. They end with a change of the password and with a suspension, for good.',
    service: 'profile',
    sessionOnly: true,
    rateLimit: 'signIn',
    body: z
      .strictObject({
        password,
        name: freeText(100)
          .min(1)
          .meta({ examples: ['My bot'] }),
        scopes: z.array(scope).min(1).max(3),
        expiresAt: newTimestamp.optional(),
      })
      .meta({ id: 'NewToken' }),
    responses: { 201: createdToken },
    errors: ['insufficient_role', 'wrong_password', 'too_many_tokens', 'answer_revoked'],
  }),
  listTokens: operation({
    method: 'GET',
    path: '/tokens',
    summary: 'List your personal access tokens, newest first',
    description: 'Without their secrets, which are shown once, by createToken.',
    service: 'profile',
    query: pageQuery,
    responses: { 200: tokenPage },
  }),
  deleteToken: operation({
    method: 'DELETE',
    path: '/tokens/:tokenId',
    summary: 'Revoke a personal access token',
    description:
      'It is refused from the next request on. A token of another account answers `token_not_found`.',
    service: 'profile',
    pathParams: z.object({ tokenId: id }),
    responses: { 204: c.noBody() },
    errors: ['token_not_found'],
  }),
};
