import { z } from 'zod4';
import { accountPage, relationship, relationshipPage } from '../entities/account.ts';
import { commaSeparated, limit, pageQuery } from '../entities/page.ts';
import { postPage } from '../entities/post.ts';
import { id, plainText } from '../entities/primitives.ts';
import { contractLimits } from '../limits.ts';
import { type OperationInput, operation } from '../operation.ts';
import { noBody, ok, page } from '../payloads.ts';
import { accountId } from './accounts.ts';

const q = plainText()
  .min(1)
  .max(contractLimits.searchLengthMax)
  .describe('The search query.')
  .meta({ examples: ['garden'] });

/** Sets or clears one edge from the viewer to an account. Both answer with the resulting relationship. */
const edge = <const M extends 'PUT' | 'DELETE', const P extends string>(
  method: M,
  path: P,
  { errors = [], ...rest }: Pick<OperationInput, 'summary' | 'description' | 'sdk' | 'cli' | 'errors'>,
) =>
  operation({
    method,
    path: `/accounts/:accountId/${path}` as const,
    ...rest,
    service: 'social',
    pathParams: accountId,
    body: noBody,
    answer: ok(relationship),
    errors: ['account_not_found', ...errors],
  });

const ownAccountList = <const P extends string>(
  path: P,
  rest: Pick<OperationInput, 'summary' | 'sdk' | 'cli'>,
) =>
  operation({
    method: 'GET',
    path,
    ...rest,
    description: 'Includes suspended accounts, marked `suspended`.',
    service: 'social',
    query: pageQuery,
    answer: page(accountPage),
  });

export const social = {
  followAccount: edge('PUT', 'follow', {
    summary: 'Follow an account',
    description:
      'Their posts appear in your home timeline. Following an account again has no effect. Returns `blocked` if one of you blocks the other.',
    sdk: 'accounts.follow',
    cli: 'follow',
    errors: ['blocked', 'self_action', 'too_many_follows'],
  }),
  unfollowAccount: edge('DELETE', 'follow', {
    summary: 'Unfollow an account',
    description:
      'Their posts disappear from your home timeline. Unfollowing an account that you do not follow has no effect.',
    sdk: 'accounts.unfollow',
    cli: 'unfollow',
    errors: ['self_action'],
  }),
  listFollowers: operation({
    method: 'GET',
    path: '/accounts/:accountId/followers',
    summary: 'List the followers of an account, newest first',
    description: 'Leaves out accounts that you are not allowed to see.',
    service: 'social',
    sdk: 'accounts.listFollowers',
    cli: 'followers',
    priority: 'low',
    auth: 'optional',
    pathParams: accountId,
    query: pageQuery,
    answer: page(accountPage),
    errors: ['account_not_found'],
  }),
  listFollowing: operation({
    method: 'GET',
    path: '/accounts/:accountId/following',
    summary: 'List the accounts that an account follows, newest first',
    description:
      'Leaves out accounts that you are not allowed to see. Your own list includes suspended accounts, marked `suspended`, so that you can unfollow them.',
    service: 'social',
    sdk: 'accounts.listFollowing',
    cli: 'following',
    priority: 'low',
    auth: 'optional',
    pathParams: accountId,
    query: pageQuery,
    answer: page(accountPage),
    errors: ['account_not_found'],
  }),
  listRelationships: operation({
    method: 'GET',
    path: '/relationships',
    summary: 'Get your relationships to accounts',
    description:
      'Returns them in the order of the request. Leaves out accounts that do not exist, and suspended accounts unless they follow you or you follow, block or mute them.',
    service: 'social',
    sdk: 'relationships.list',
    cli: 'relationships',
    query: z.object({ accountIds: commaSeparated(id, contractLimits.relationshipsMax) }),
    answer: page(relationshipPage),
  }),
  blockAccount: edge('PUT', 'block', {
    summary: 'Block an account',
    description:
      'Ends follows in both directions and hides each of you from the other in all lists, searches and timelines. Does not notify the account.',
    sdk: 'accounts.block',
    cli: 'block',
    errors: ['self_action', 'too_many_blocks'],
  }),
  unblockAccount: edge('DELETE', 'block', {
    summary: 'Unblock an account',
    description: 'Does not restore the follows that the block ended.',
    sdk: 'accounts.unblock',
    cli: 'unblock',
    errors: ['self_action'],
  }),
  muteAccount: edge('PUT', 'mute', {
    summary: 'Mute an account',
    description:
      'Removes its posts from your home timeline. You still follow the account and can open its posts. Does not notify the account.',
    sdk: 'accounts.mute',
    cli: 'mute',
    errors: ['self_action', 'too_many_mutes'],
  }),
  unmuteAccount: edge('DELETE', 'mute', {
    summary: 'Unmute an account',
    description: 'Its posts return to your home timeline if you follow it.',
    sdk: 'accounts.unmute',
    cli: 'unmute',
    errors: ['self_action'],
  }),
  listBlocks: ownAccountList('/blocks', {
    summary: 'List the accounts that you block, newest first',
    sdk: 'accounts.listBlocks',
    cli: 'blocks',
  }),
  listMutes: ownAccountList('/mutes', {
    summary: 'List the accounts that you mute, newest first',
    sdk: 'accounts.listMutes',
    cli: 'mutes',
  }),
  getHomeTimeline: operation({
    method: 'GET',
    path: '/timelines/home',
    summary: 'Get your home timeline, newest first',
    description: 'Returns your own posts and posts of the accounts that you follow.',
    service: 'social',
    sdk: 'timelines.home',
    cli: 'timeline',
    query: pageQuery,
    answer: page(postPage),
  }),
  getPublicTimeline: operation({
    method: 'GET',
    path: '/timelines/public',
    summary: 'Get the public timeline, newest first',
    description:
      'Returns the public posts of all accounts, except accounts that you block or mute and accounts that block you. The operator can turn it off; see `publicTimeline` in `GET /v1/instance`.',
    service: 'social',
    sdk: 'timelines.public',
    cli: 'timeline',
    priority: 'low',
    auth: 'optional',
    query: pageQuery,
    answer: page(postPage),
    errors: ['public_timeline_off'],
  }),
  searchPosts: operation({
    method: 'GET',
    path: '/search/posts',
    summary: 'Search posts, newest first',
    description:
      'Returns posts that match all terms of the query: words, "exact phrases", #tags, from:handle and has:media. A minus sign before a term excludes it. Ignores case, accents, points and full width, in any script. Matches whole words; in scripts without spaces, any part of the text. New posts can be found within about a second.',
    service: 'social',
    sdk: 'search.posts',
    cli: 'search',
    auth: 'optional',
    rateLimit: 'search',
    query: z.object({ ...pageQuery.shape, q }),
    answer: page(postPage),
  }),
  searchAccounts: operation({
    method: 'GET',
    path: '/search/accounts',
    summary: 'Search accounts by the start of their handle or a word of their name',
    description:
      'Ignores case and accents, in any script. The best matches come first. Leaves out accounts that you are not allowed to see. A cursor is only valid for the same query.',
    service: 'social',
    sdk: 'search.accounts',
    cli: 'search',
    auth: 'optional',
    rateLimit: 'search',
    query: z.object({
      limit,
      cursor: z
        .string()
        .min(1)
        .max(contractLimits.cursorLengthMax)
        .regex(/^[A-Za-z0-9_-]+$/, 'must be the nextCursor of a previous page')
        .describe('The `nextCursor` of the previous page.')
        .meta({ examples: ['cosette'] })
        .optional(),
      q,
    }),
    answer: page(accountPage),
  }),
};
