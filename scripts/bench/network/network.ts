import type { Visibility } from '@twite/contract';
import type { PostDocument } from '@twite/core/search/search-index';

/** Accounts are numbered from 0. A pair is from the first account to the second one. */
export type AccountPair = readonly [from: number, to: number];
/** Posts are numbered from 0, oldest first. */
export type AccountAndPost = readonly [account: number, post: number];

/** Everything that a store is filled with before a measurement, in bulk and past the API. */
export interface Network {
  readonly accountCount: number;
  /** By their numbers. */
  readonly posts: readonly { readonly author: number; readonly visibility: Visibility }[];
  readonly follows: readonly AccountPair[];
  readonly blocks: readonly AccountPair[];
  readonly mutes: readonly AccountPair[];
  readonly likes: readonly AccountAndPost[];
  readonly replies: readonly AccountAndPost[];
  /** The accounts that read: each gets a session. */
  readonly readers: readonly number[];
  /** Whether searches find the accounts and posts. */
  readonly isIndexed: boolean;
}

// The first digits are a time before the first id that a server gives.
const idOf = (kind: number) => (number: number) => `${kind}${String(number).padStart(17, '0')}`;
export const accountIdOf = idOf(15);
export const postIdOf = idOf(16);
export const replyIdOf = idOf(17);
/** For follows, blocks, mutes and likes. */
export const edgeIdOf = idOf(18);

export const handleOf = (account: number): string => `Anna${account}`;
export const createdAt = Date.parse('2025-12-01T12:00:00Z');

export const textOf = (post: number): string =>
  `Post ${post}: a few words, as long as most posts are, written to be read in the evening.`;

export const postDocuments = ({ posts }: Network): PostDocument[] =>
  posts.map(({ author, visibility }, post) => ({
    postId: postIdOf(post),
    authorId: accountIdOf(author),
    text: textOf(post),
    visibility,
    tags: [],
    hasMedia: false,
  }));

/** How often each number occurs. */
export function countOf(numbers: Iterable<number>): ReadonlyMap<number, number> {
  const counts = new Map<number, number>();
  for (const number of numbers) counts.set(number, (counts.get(number) ?? 0) + 1);
  return counts;
}

export function* slicesOf<T>(items: readonly T[], size: number): Iterable<readonly T[]> {
  for (let start = 0; start < items.length; start += size) yield items.slice(start, start + size);
}
