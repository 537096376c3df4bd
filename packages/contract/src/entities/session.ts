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
    expiresAt: timestamp.describe('When the access token ends.'),
  })
  .meta({ id: 'Session' });

export const signedIn = z
  .object({
    account: me,
    session,
    deviceToken: z
      .string()
      .describe(
        'Keep it when the session ends, and send it with the next sign-in to this account: the account then stays open to this client while others guess at its password. It signs nobody in by itself.',
      )
      .meta({ examples: ['twd_…'] }),
  })
  .meta({ id: 'SignedIn' });
export const refreshed = z.object({ session }).meta({ id: 'Refreshed' });

export const sessionInfo = z
  .object({
    sessionId: id,
    current: z.boolean().describe('Whether the request came with it.'),
    userAgent: z
      .string()
      .nullable()
      .meta({ examples: ['twite-cli/1.0.0'] }),
    createdAt: timestamp,
    lastUsedAt: timestamp.describe('When it was last refreshed.'),
    expiresAt: timestamp.describe('When it ends unless it is refreshed.'),
  })
  .meta({ id: 'SessionInfo' });
export const sessionInfoPage = pageOf(sessionInfo).meta({ id: 'SessionInfoPage' });

export const passwordReset = z
  .object({
    token: z
      .string()
      .describe('For `resetPassword`. Shown only now.')
      .meta({ examples: ['tws_…'] }),
    url: z
      .string()
      .describe('A page to open in a browser; the token is part of it.')
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
      .describe('Shown only now.')
      .meta({ examples: ['twp_…'] }),
  })
  .meta({ id: 'CreatedToken' });
