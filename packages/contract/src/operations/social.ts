import { z } from 'zod4';
import { accountPage, relationship, relationshipPage } from '../entities/account.ts';
import { commaSeparated, limit, pageQuery } from '../entities/page.ts';
import { postPage } from '../entities/post.ts';
import { id, plainText } from '../entities/primitives.ts';
import { contractLimits } from '../limits.ts';
import { operation } from '../operation.ts';
import { accountId } from './accounts.ts';

const q = plainText()
  .min(1)
  .max(contractLimits.searchLengthMax)
  .describe('What to look for.')
  .meta({ examples: ['garden'] });

/** Sets or clears one edge from the viewer to an account; both answer the resulting relationship. */
const edge = <const M extends 'PUT' | 'DELETE', const P extends string>(
  method: M,
  path: P,
  summary: string,
  description: string,
  errors: readonly (
    | 'blocked'
    | 'self_action'
    | 'too_many_follows'
    | 'too_many_blocks'
    | 'too_many_mutes'
  )[] = [],
) =>
  operation({
    method,
    path: `/accounts/:accountId/${path}` as const,
    summary,
    description,
    service: 'social',
    pathParams: accountId,
    responses: { 200: relationship },
    errors: ['account_not_found', ...errors],
  });

const ownAccountList = <const P extends string>(path: P, summary: string) =>
  operation({
    method: 'GET',
    path,
    summary,
    description: 'Only your own list can be read. It also has suspended accounts, marked `suspended`.',
    service: 'social',
    query: pageQuery,
    responses: { 200: accountPage },
  });

export const social = {
  followAccount: edge(
    'PUT',
    'follow',
    'Follow an account',
    'Their posts appear in your home timeline. Following twice changes nothing. If one of you blocks the other, it answers `blocked`.',
    ['blocked', 'self_action', 'too_many_follows'],
  ),
  unfollowAccount: edge(
    'DELETE',
    'follow',
    'Stop following an account',
    'Their posts leave your home timeline. Unfollowing an account that you do not follow changes nothing.',
    ['self_action'],
  ),
  listFollowers: operation({
    method: 'GET',
    path: '/accounts/:accountId/followers',
    summary: 'List who follows an account, newest follow first',
    description: 'Accounts that you may not see are left out.',
    service: 'social',
    priority: 'low',
    auth: 'optional',
    pathParams: accountId,
    query: pageQuery,
    responses: { 200: accountPage },
    errors: ['account_not_found'],
  }),
  listFollowing: operation({
    method: 'GET',
    path: '/accounts/:accountId/following',
    summary: 'List whom an account follows, newest follow first',
    description:
      'Accounts that you may not see are left out. Your own list also has suspended accounts, marked `suspended`, so that you can unfollow them.',
    service: 'social',
    priority: 'low',
    auth: 'optional',
    pathParams: accountId,
    query: pageQuery,
    responses: { 200: accountPage },
    errors: ['account_not_found'],
  }),
  listRelationships: operation({
    method: 'GET',
    path: '/relationships',
    summary: 'Get your relationships to accounts',
    description:
      'In the order asked for. Accounts that do not exist are left out, and so are suspended ones unless they follow you or you follow, block or mute them.',
    service: 'social',
    query: z.object({ accountIds: commaSeparated(id, contractLimits.relationshipsMax) }),
    responses: { 200: relationshipPage },
  }),
  blockAccount: edge(
    'PUT',
    'block',
    'Block an account: neither sees or follows the other',
    'Ends follows in both directions, and hides each from the other in every list, search and timeline. The other account is not told.',
    ['self_action', 'too_many_blocks'],
  ),
  unblockAccount: edge(
    'DELETE',
    'block',
    'Stop blocking an account',
    'Follows that the block ended do not come back.',
    ['self_action'],
  ),
  muteAccount: edge(
    'PUT',
    'mute',
    'Mute an account: it leaves your home timeline',
    'You still follow the account and can open its posts. It is not told.',
    ['self_action', 'too_many_mutes'],
  ),
  unmuteAccount: edge(
    'DELETE',
    'mute',
    'Stop muting an account',
    'Their posts return to your home timeline if you follow them.',
    ['self_action'],
  ),
  listBlocks: ownAccountList('/blocks', 'List whom you block, newest first'),
  listMutes: ownAccountList('/mutes', 'List whom you mute, newest first'),
  getHomeTimeline: operation({
    method: 'GET',
    path: '/timelines/home',
    summary: 'Read your home timeline, newest first',
    description: 'Your own posts and those of the accounts that you follow.',
    service: 'social',
    query: pageQuery,
    responses: { 200: postPage },
  }),
  getPublicTimeline: operation({
    method: 'GET',
    path: '/timelines/public',
    summary: 'Read the public timeline, newest first',
    description:
      'The public posts of all accounts, without those of accounts that you block or mute or that block you. The operator may turn it off; `publicTimeline` of `GET /v1/instance` says so.',
    service: 'social',
    priority: 'low',
    auth: 'optional',
    query: pageQuery,
    responses: { 200: postPage },
    errors: ['public_timeline_off'],
  }),
  searchPosts: operation({
    method: 'GET',
    path: '/search/posts',
    summary: 'Search posts, newest first',
    description:
      'Finds posts that have all terms of the query: words, "exact phrases", #tags, from:handle and has:media. A minus sign before a term excludes it. Case, accents, points and full width do not matter, in any script; words match whole, and in scripts without spaces any part of the text matches. The index follows a new post within a moment.',
    service: 'social',
    auth: 'optional',
    rateLimit: 'search',
    query: z.object({ ...pageQuery.shape, q }),
    responses: { 200: postPage },
  }),
  searchAccounts: operation({
    method: 'GET',
    path: '/search/accounts',
    summary: 'Search accounts by the start of their handle or a word of their name',
    description:
      'Case and accents do not matter, in any script. The best matches come first; accounts that you may not see are left out. The cursor belongs to this query.',
    service: 'social',
    auth: 'optional',
    rateLimit: 'search',
    query: z.object({
      limit,
      cursor: z
        .string()
        .min(1)
        .max(contractLimits.cursorLengthMax)
        .regex(/^[A-Za-z0-9_-]+$/, 'must be the nextCursor of a page before')
        .describe('The `nextCursor` of the page before.')
        .meta({ examples: ['cosette'] })
        .optional(),
      q,
    }),
    responses: { 200: accountPage },
  }),
};
