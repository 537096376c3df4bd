import type { Invalidation } from '@twite/core/caching/invalidation';
import type { CountedKind, CountNames } from './counts.ts';

/** What is counted: the matching documents of a collection, by the field that names their subject. */
export interface Edges {
  readonly collection: 'follows' | 'posts' | 'likes' | 'replies';
  readonly of: string;
  readonly matching: Readonly<Record<string, unknown>>;
}

const follows = { collection: 'follows', matching: { counted: true, active: true } } as const;
const posts = { collection: 'posts', of: 'authorId' } as const;
const likes = { collection: 'likes', of: 'subjectId' } as const;

export const edgesOf: { readonly [K in CountedKind]: Readonly<Record<CountNames[K], Edges>> } = {
  account: {
    followerCount: { ...follows, of: 'followeeId' },
    followingCount: { ...follows, of: 'followerId' },
    publicPostCount: { ...posts, matching: { deleted: false, visibility: 'public' } },
    followersPostCount: { ...posts, matching: { deleted: false, visibility: 'followers' } },
  },
  post: {
    likeCount: { ...likes, matching: { kind: 'post', counted: true } },
    replyCount: { collection: 'replies', of: 'postId', matching: { deleted: false, counted: true } },
  },
  reply: {
    likeCount: { ...likes, matching: { kind: 'reply', counted: true } },
  },
};

const cacheOf = { account: 'accounts', post: 'posts', reply: 'replies' } as const;

/** The cached values that contain counts of these documents. */
export const invalidationsOf = (kind: CountedKind, ids: readonly string[]): readonly Invalidation[] =>
  ids.map((id) => [cacheOf[kind], id]);
