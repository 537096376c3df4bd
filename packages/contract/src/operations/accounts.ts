import { z } from 'zod4';
import { account, bio, displayName, me, recommendedAccountPage } from '../entities/account.ts';
import { limit } from '../entities/page.ts';
import { handle, id, newHandle, newPassword, password } from '../entities/primitives.ts';
import { signedIn } from '../entities/session.ts';
import { operation } from '../operation.ts';
import { created, empty, jsonBody, ok, page } from '../payloads.ts';

export const accountId = z.object({ accountId: id });

export const accounts = {
  createAccount: operation({
    method: 'POST',
    path: '/accounts',
    summary: 'Create an account and sign in',
    description:
      'Handles are unique, ignoring case. The response contains the account and a session, so you need not sign in afterwards. Each network can create only a few accounts an hour.',
    service: 'profile',
    sdk: 'accounts.create',
    cli: 'signup',
    auth: 'none',
    rateLimit: 'signUp',
    body: jsonBody(
      z
        .strictObject({ handle: newHandle, password: newPassword, displayName: displayName.optional() })
        .meta({ id: 'NewAccount' }),
    ),
    answer: created(signedIn),
    errors: ['handle_taken', 'handle_reserved', 'answer_revoked'],
  }),
  getAccount: operation({
    method: 'GET',
    path: '/accounts/:accountId',
    summary: 'Get an account',
    description:
      'Returns `account_not_found` for suspended and deleted accounts. For an account that blocks you, or that you block, the counts are 0.',
    service: 'profile',
    sdk: 'accounts.get',
    cli: 'account show',
    auth: 'optional',
    pathParams: accountId,
    answer: ok(account),
    errors: ['account_not_found'],
  }),
  getAccountByHandle: operation({
    method: 'GET',
    path: '/accounts/by-handle/:handle',
    summary: 'Get an account by its handle',
    description:
      'Ignores case, and returns the same as getAccount. Use it to look up the `accountId` that other operations need.',
    service: 'profile',
    sdk: 'accounts.getByHandle',
    cli: 'account show',
    auth: 'optional',
    pathParams: z.object({ handle }),
    answer: ok(account),
    errors: ['account_not_found'],
  }),
  getMe: operation({
    method: 'GET',
    path: '/me',
    summary: 'Get your own account',
    description: 'Includes the role of the account, which other people cannot see.',
    service: 'profile',
    sdk: 'me.get',
    cli: 'whoami',
    answer: ok(me),
  }),
  updateMe: operation({
    method: 'PATCH',
    path: '/me',
    summary: 'Change your display name, bio, avatar or banner',
    description:
      'Fields that you leave out stay as they are. An empty `bio` or `displayName` clears it. Pictures must be images that you uploaded and have not attached to anything.',
    service: 'profile',
    sdk: 'me.update',
    cli: 'profile edit',
    body: jsonBody(
      z
        .strictObject({
          displayName: displayName.optional(),
          bio: bio.optional(),
          avatarMediaId: id
            .nullable()
            .optional()
            .describe(
              'The id of an image that you uploaded and have not attached yet; `null` removes the avatar.',
            ),
          bannerMediaId: id
            .nullable()
            .optional()
            .describe(
              'The id of an image that you uploaded and have not attached yet; `null` removes the banner.',
            ),
        })
        .meta({ id: 'AccountChanges' }),
    ),
    answer: ok(me),
    errors: ['media_not_attachable'],
  }),
  deleteMe: operation({
    method: 'DELETE',
    path: '/me',
    summary: 'Delete your account and everything it wrote',
    description:
      'Permanently deletes your posts, replies, likes, follows, sessions and tokens. Requires your password and a session; personal access tokens cannot do this.',
    service: 'profile',
    sdk: 'me.delete',
    cli: 'account delete',
    sessionOnly: true,
    rateLimit: 'signIn',
    body: jsonBody(z.strictObject({ password }).meta({ id: 'AccountDeletion' })),
    answer: empty,
    errors: ['last_admin', 'wrong_password'],
  }),
  changePassword: operation({
    method: 'PUT',
    path: '/me/password',
    summary: 'Change your password',
    description: 'Ends all other sessions and all personal access tokens of your account.',
    service: 'profile',
    sdk: 'me.changePassword',
    cli: 'password',
    rateLimit: 'signIn',
    body: jsonBody(z.strictObject({ currentPassword: password, newPassword }).meta({ id: 'PasswordChange' })),
    answer: empty,
    errors: ['wrong_password'],
  }),
  listRecommendedAccounts: operation({
    method: 'GET',
    path: '/recommendations/accounts',
    summary: 'List recommended accounts',
    description:
      'Returns first the accounts that most of the accounts you follow also follow, and then popular accounts that posted recently. Leaves out accounts that you follow, block or mute. Returns a single page.',
    service: 'profile',
    sdk: 'recommendations.listAccounts',
    cli: 'recommend',
    rateLimit: 'search',
    query: z.object({ limit }),
    answer: page(recommendedAccountPage),
  }),
};
