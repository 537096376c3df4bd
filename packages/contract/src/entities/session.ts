import { z } from 'zod4';
import { me } from './account.ts';
import { pageOf } from './page.ts';
import { id, scope, timestamp } from './primitives.ts';

/** The client's part of a session. Both tokens are secrets. */
export const session = z
  .object({
    sessionId: id,
    accessToken: z.string().meta({ examples: ['twa_…'] }),
    refreshToken: z.string().meta({ examples: ['twr_…'] }),
    expiresAt: timestamp.describe('When the access token expires.'),
  })
  .meta({ id: 'Session' });

export const signedIn = z
  .object({
    account: me,
    session,
    deviceToken: z
      .string()
      .describe(
        'Keep this token after the session ends, and send it with the next sign-in to this account. While somebody else guesses the password, clients with a device token can still sign in. The token alone does not grant access.',
      )
      .meta({ examples: ['twd_…'] }),
  })
  .meta({ id: 'SignedIn' });
export const refreshed = z.object({ session }).meta({ id: 'Refreshed' });

export const sessionInfo = z
  .object({
    sessionId: id,
    current: z.boolean().describe('Whether this session sent the request.'),
    userAgent: z
      .string()
      .nullable()
      .meta({ examples: ['twite-cli/1.0.0'] }),
    createdAt: timestamp,
    lastUsedAt: timestamp.describe('When the session was last refreshed.'),
    expiresAt: timestamp.describe('When the session ends unless it is refreshed.'),
  })
  .meta({ id: 'SessionInfo' });
export const sessionInfoPage = pageOf(sessionInfo).meta({ id: 'SessionInfoPage' });

export const passwordReset = z
  .object({
    token: z
      .string()
      .describe('The token for `resetPassword`. You cannot retrieve it again.')
      .meta({ examples: ['tws_…'] }),
    url: z
      .string()
      .describe('A link for the browser, which contains the token.')
      .meta({ examples: ['https://twite.example/password-reset#token=tws_…'] }),
    expiresAt: timestamp,
  })
  .meta({ id: 'PasswordReset' });

/** A personal access token, without its secret. */
export const token = z
  .object({
    tokenId: id,
    name: z.string().meta({ examples: ['My bot'] }),
    scopes: z.array(scope),
    createdAt: timestamp,
    expiresAt: timestamp.nullable(),
  })
  .meta({ id: 'Token' });
export const tokenPage = pageOf(token).meta({ id: 'TokenPage' });
export const createdToken = z
  .object({
    token,
    secret: z
      .string()
      .describe('The token to send as `Authorization: Bearer`. You cannot retrieve it again.')
      .meta({ examples: ['twp_…'] }),
  })
  .meta({ id: 'CreatedToken' });
