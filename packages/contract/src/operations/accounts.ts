import { initContract } from '@ts-rest/core';
import { z } from 'zod4';
import { account, bio, displayName, me, recommendedAccountPage } from '../entities/account.ts';
import { limit } from '../entities/page.ts';
import { handle, id, newHandle, newPassword, password } from '../entities/primitives.ts';
import { signedIn } from '../entities/session.ts';
import { operation } from '../operation.ts';

const c = initContract();

export const accountId = z.object({ accountId: id });

export const accounts = {
  createAccount: operation({
    method: 'POST',
    path: '/accounts',
    summary: 'Create an account and sign in',
    description:
      'Handles are unique whatever their case. The answer holds the account and a session, so that no sign-in follows. An address may sign up only a few times an hour.',
    service: 'profile',
    auth: 'none',
    rateLimit: 'signUp',
    body: z
      .strictObject({ handle: newHandle, password: newPassword, displayName: displayName.optional() })
      .meta({ id: 'NewAccount' }),
    responses: { 201: signedIn },
    errors: ['handle_taken', 'handle_reserved', 'answer_revoked'],
  }),
  getAccount: operation({
    method: 'GET',
    path: '/accounts/:accountId',
    summary: 'Read an account',
    description:
      'Suspended and deleted accounts, and accounts that block you, answer `account_not_found`. Counts hold only what you may see.',
    service: 'profile',
    auth: 'optional',
    pathParams: accountId,
    responses: { 200: account },
    errors: ['account_not_found'],
  }),
  getAccountByHandle: operation({
    method: 'GET',
    path: '/accounts/by-handle/:handle',
    summary: 'Read an account by its handle, whatever its case',
    description:
      'Answers what getAccount does. Use it to turn a handle, as people write it, into the `accountId` that other operations take.',
    service: 'profile',
    auth: 'optional',
    pathParams: z.object({ handle }),
    responses: { 200: account },
    errors: ['account_not_found'],
  }),
  getMe: operation({
    method: 'GET',
    path: '/me',
    summary: 'Read your own account',
    description: 'Tells the role of the account too, which other people do not see.',
    service: 'profile',
    responses: { 200: me },
  }),
  updateMe: operation({
    method: 'PATCH',
    path: '/me',
    summary: 'Change your display name, bio, avatar or banner',
    description:
      'Members that are left out stay as they are. An empty `bio` or `displayName` clears it. Media have to be images that you uploaded and attached to nothing.',
    service: 'profile',
    body: z
      .strictObject({
        displayName: displayName.optional(),
        bio: bio.optional(),
        avatarMediaId: id
          .nullable()
          .optional()
          .describe('An image of yours that is attached to nothing yet; null removes the avatar.'),
        bannerMediaId: id
          .nullable()
          .optional()
          .describe('An image of yours that is attached to nothing yet; null removes the banner.'),
      })
      .meta({ id: 'AccountChanges' }),
    responses: { 200: me },
    errors: ['media_not_attachable'],
  }),
  deleteMe: operation({
    method: 'DELETE',
    path: '/me',
    summary: 'Delete your account and all that it wrote',
    description:
      'At once and for good: posts, replies, likes, follows, sessions and tokens go with it. Needs the password again, and a session: it is refused to tokens.',
    service: 'profile',
    sessionOnly: true,
    rateLimit: 'signIn',
    body: z.strictObject({ password }).meta({ id: 'AccountDeletion' }),
    responses: { 204: c.noBody() },
    errors: ['last_admin', 'wrong_password'],
  }),
  changePassword: operation({
    method: 'PUT',
    path: '/me/password',
    summary: 'Change your password',
    description: 'Ends every other session and every personal access token of the account.',
    service: 'profile',
    rateLimit: 'signIn',
    body: z.strictObject({ currentPassword: password, newPassword }).meta({ id: 'PasswordChange' }),
    responses: { 204: c.noBody() },
    errors: ['wrong_password'],
  }),
  listRecommendedAccounts: operation({
    method: 'GET',
    path: '/recommendations/accounts',
    summary: 'List accounts that you may want to follow',
    description:
      'Accounts followed by those you follow, by how many of them; then popular accounts that posted lately, so that a new account gets some too. Not those you follow, block or mute. One page.',
    service: 'profile',
    rateLimit: 'search',
    query: z.object({ limit }),
    responses: { 200: recommendedAccountPage },
  }),
};
