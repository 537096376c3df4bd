import type { OperationId } from '@twite/contract';
import {
  annAddressed,
  byName,
  type Counted,
  changing,
  everyone,
  followers,
  listed,
  media,
  notOnSelf,
  ofAnn,
  ofZoe,
  ofZoePost,
  type Probe,
  post,
  type Relation,
  reply,
  self,
} from './visibility-probes.ts';

const recommended: readonly Relation[] = ['stranger', 'admin'];

const numberAt = (body: unknown, ...path: string[]): number => {
  let value = body;
  for (const key of path) value = (value as Record<string, unknown>)[key];
  return value as number;
};

const text = { body: { text: 'A reply' } };

/**
 * What each relation may see through operations that `usualProbes` does not know enough about. An operation that needs
 * a row here and has none fails the suite.
 */
export const visibilityTable = {
  getAccount: [
    annAddressed,
    listed('avatarMedia', byName, ofAnn),
    {
      kind: 'counted',
      input: ofAnn,
      count: (body) => numberAt(body, 'counts', 'posts'),
      expected: (relation) => {
        if (followers.includes(relation)) return 3;
        if (everyone.includes(relation)) return 2;
        return byName.includes(relation) ? 0 : undefined;
      },
    },
  ],
  listRecommendedAccounts: [listed('ann', recommended)],
  getPost: [
    post('publicPost', everyone),
    post('followersPost', followers),
    listed('followersMediaUrl', followers, ({ followersPost }) => ({ path: { postId: followersPost } })),
    listed('annReply', everyone, (content) => ({ ...ofZoePost(content), query: { include: 'replies' } })),
    ...(['likeCount', 'replyCount'] as const).map(
      (name): Counted => ({
        kind: 'counted',
        input: ofZoePost,
        count: (body) => numberAt(body, name),
        // Counts are the same for everyone, even behind a block (ADR 0059). A suspended Ann does not count.
        expected: (relation) => {
          if (relation === 'suspended') return undefined;
          if (relation === 'strangerOfSuspended') return 0;
          return name === 'likeCount' ? 1 : 2;
        },
      }),
    ),
  ],
  deletePost: [post('doomedPost', self)],
  listAccountPosts: [
    annAddressed,
    listed('publicPost', everyone, ofAnn),
    listed('followersPost', followers, ofAnn),
    listed('followersMediaUrl', followers, ofAnn),
  ],
  createReply: [post('publicPost', everyone, text), post('followersPost', followers, text)],
  listReplies: [
    post('publicPost', everyone),
    post('followersPost', followers),
    listed('annReply', everyone, ofZoePost),
  ],
  getReply: [
    reply('annReply', everyone),
    reply('replyUnderPublic', everyone),
    reply('replyUnderFollowers', followers),
  ],
  deleteReply: [reply('doomedReply', self)],
  listPostLikes: [
    post('publicPost', everyone),
    post('followersPost', followers),
    listed('ann', everyone, ofZoePost),
  ],
  listLikedPosts: [
    annAddressed,
    listed('zoePost', everyone, ofAnn),
    listed('publicPost', everyone, ofZoe),
    listed('followersPost', followers, ofZoe),
    listed('followersMediaUrl', followers, ofZoe),
  ],
  updateMedia: [
    media('publicMedia', self, { body: { altText: 'A wall' } }),
    media('followersMedia', self, { body: { altText: 'A wall' } }),
  ],
  deleteMedia: [media('unattachedMedia', self)],
  followAccount: [
    changing((relation) => {
      if (relation === 'strangerOfSuspended') return 404;
      return relation === 'blocked' || relation === 'blocker' ? 403 : notOnSelf(relation);
    }),
  ],
  listFollowers: [annAddressed, listed('zoe', everyone, ofAnn), listed('ann', everyone, ofZoe)],
  listFollowing: [annAddressed, listed('zoe', everyone, ofAnn), listed('ann', everyone, ofZoe)],
  listRelationships: [listed('ann', byName, ({ ann }) => ({ query: { accountIds: ann } }))],
  getHomeTimeline: [
    listed('publicPost', followers),
    listed('followersPost', followers),
    listed('followersMediaUrl', followers),
  ],
  getPublicTimeline: [
    listed('publicPost', everyone),
    listed('followersPost', []),
    listed('followersMediaUrl', []),
  ],
  searchPosts: [
    listed('publicPost', everyone, ({ word }) => ({ query: { q: word } })),
    listed('followersPost', followers, ({ word }) => ({ query: { q: word } })),
    listed('followersMediaUrl', followers, ({ word }) => ({ query: { q: `has:media ${word}` } })),
  ],
  searchAccounts: [listed('ann', everyone, ({ annHandle }) => ({ query: { q: annHandle } }))],
} as const satisfies Partial<Record<OperationId, readonly Probe[]>>;
