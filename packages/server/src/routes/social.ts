import { blockAccount } from '@twite/core/blocks/block-account';
import { listBlocks } from '@twite/core/blocks/list-blocks';
import { unblockAccount } from '@twite/core/blocks/unblock-account';
import { followAccount } from '@twite/core/follows/follow-account';
import { listFollowers } from '@twite/core/follows/list-followers';
import { listFollowing } from '@twite/core/follows/list-following';
import { listRelationships } from '@twite/core/follows/list-relationships';
import { unfollowAccount } from '@twite/core/follows/unfollow-account';
import { listMutes } from '@twite/core/mutes/list-mutes';
import { muteAccount } from '@twite/core/mutes/mute-account';
import { unmuteAccount } from '@twite/core/mutes/unmute-account';
import { searchAccounts } from '@twite/core/search/search-accounts';
import { searchPosts } from '@twite/core/search/search-posts';
import { getHomeTimeline } from '@twite/core/timelines/get-home-timeline';
import { getPublicTimeline } from '@twite/core/timelines/get-public-timeline';
import { accountIdOf, type RouteContext, type RoutesOf, viewerOf } from './route.ts';

export const socialRoutes = ({ deps }: RouteContext): RoutesOf<'social'> => ({
  followAccount: async ({ params, ctx }) => ({
    status: 200,
    body: await followAccount(deps, accountIdOf(ctx), params.accountId),
  }),
  unfollowAccount: async ({ params, ctx }) => ({
    status: 200,
    body: await unfollowAccount(deps, accountIdOf(ctx), params.accountId),
  }),
  listFollowers: async ({ params, query, ctx }) => ({
    status: 200,
    body: await listFollowers(deps, viewerOf(ctx), params.accountId, query),
  }),
  listFollowing: async ({ params, query, ctx }) => ({
    status: 200,
    body: await listFollowing(deps, viewerOf(ctx), params.accountId, query),
  }),
  listRelationships: async ({ query, ctx }) => ({
    status: 200,
    body: await listRelationships(deps, accountIdOf(ctx), query.accountIds),
  }),
  blockAccount: async ({ params, ctx }) => ({
    status: 200,
    body: await blockAccount(deps, accountIdOf(ctx), params.accountId),
  }),
  unblockAccount: async ({ params, ctx }) => ({
    status: 200,
    body: await unblockAccount(deps, accountIdOf(ctx), params.accountId),
  }),
  muteAccount: async ({ params, ctx }) => ({
    status: 200,
    body: await muteAccount(deps, accountIdOf(ctx), params.accountId),
  }),
  unmuteAccount: async ({ params, ctx }) => ({
    status: 200,
    body: await unmuteAccount(deps, accountIdOf(ctx), params.accountId),
  }),
  listBlocks: async ({ query, ctx }) => ({
    status: 200,
    body: await listBlocks(deps, accountIdOf(ctx), query),
  }),
  listMutes: async ({ query, ctx }) => ({
    status: 200,
    body: await listMutes(deps, accountIdOf(ctx), query),
  }),
  getHomeTimeline: async ({ query, ctx }) => ({
    status: 200,
    body: await getHomeTimeline(deps, accountIdOf(ctx), query),
  }),
  getPublicTimeline: async ({ query, ctx }) => ({
    status: 200,
    body: await getPublicTimeline(deps, viewerOf(ctx), query),
  }),
  searchPosts: async ({ query, ctx }) => ({
    status: 200,
    body: await searchPosts(deps, viewerOf(ctx), query.q, query),
  }),
  searchAccounts: async ({ query, ctx }) => ({
    status: 200,
    body: await searchAccounts(deps, viewerOf(ctx), query.q, query),
  }),
});
