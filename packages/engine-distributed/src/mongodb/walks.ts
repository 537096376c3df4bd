import { firstIdAt } from '@twite/core/ids/ids';
import type { MediaHolder } from '@twite/core/media/compare-media';
import type { Collection, Filter } from 'mongodb';
import type { Collections } from './databases.ts';
import type { AccountDoc, FollowDoc, LikeDoc, PostDoc, ReplyDoc } from './documents.ts';
import { bounded } from './reads.ts';

const batchSize = 1_000;

export interface WalkOptions {
  /** Continues above this `_id`: for an interrupted walk. */
  readonly after?: string | undefined;
  readonly batchSize?: number;
}

/**
 * Yields batches of documents by `_id`, each in a separate read: a walk may take as long as it likes. Documents
 * inserted meanwhile may be missed.
 */
async function* walk<T extends { _id: string }>(
  collection: Collection<T>,
  { after = '', batchSize: size = batchSize }: WalkOptions,
  filter: Filter<T> = {},
): AsyncGenerator<readonly T[], void, undefined> {
  for (let last = after; ; ) {
    const batch = (await collection
      .find({ $and: [filter, { _id: { $gt: last } }] } as Filter<T>, bounded)
      .sort({ _id: 1 })
      .limit(size)
      .toArray()) as T[];
    if (batch.length > 0) yield batch;
    const end = batch[batch.length - 1];
    if (end === undefined || batch.length < size) return;
    last = end._id;
  }
}

export type Walk<T> = AsyncGenerator<readonly T[], void, undefined>;

/** Includes accounts of any status. */
export const allAccounts = (
  { accounts }: Pick<Collections, 'accounts'>,
  options: WalkOptions = {},
): Walk<AccountDoc> => walk(accounts, options);

/** Includes tombstones. */
export const allPosts = ({ posts }: Pick<Collections, 'posts'>, options: WalkOptions = {}): Walk<PostDoc> =>
  walk(posts, options);

/** Includes tombstones. */
export const allReplies = (
  { replies }: Pick<Collections, 'replies'>,
  options: WalkOptions = {},
): Walk<ReplyDoc> => walk(replies, options);

export const allLikes = ({ likes }: Pick<Collections, 'likes'>, options: WalkOptions = {}): Walk<LikeDoc> =>
  walk(likes, options);

/** Includes tombstones. */
export const allFollows = (
  { follows }: Pick<Collections, 'follows'>,
  options: WalkOptions = {},
): Walk<FollowDoc> => walk(follows, options);

/**
 * Accounts created or changed since a time. Times are by the clocks of the writing processes: ask for some seconds more
 * than needed.
 */
export const accountsSince = (
  { accounts }: Pick<Collections, 'accounts'>,
  ms: number,
  options: WalkOptions = {},
): Walk<AccountDoc> => walk(accounts, options, { updatedAt: { $gte: ms } });

/** Posts inserted since a time, by their ids, and then those deleted since: one may come twice. */
export async function* postsSince(
  { posts }: Pick<Collections, 'posts'>,
  ms: number,
  options: WalkOptions = {},
): Walk<PostDoc> {
  yield* walk(posts, options, { _id: { $gte: firstIdAt(ms) } });
  yield* walk(posts, options, { deletedAt: { $gte: ms } });
}

/** Four media each: one query reads their records. */
const holderPages: WalkOptions = { batchSize: 200 };

/** Posts, replies and accounts that hold media. */
export async function* mediaHolders({
  posts,
  replies,
  accounts,
}: Pick<Collections, 'posts' | 'replies' | 'accounts'>): AsyncGenerator<readonly MediaHolder[]> {
  const holding = { 'media.0': { $exists: true }, deleted: false };
  const toHolder = ({ _id, media = [] }: PostDoc | ReplyDoc): MediaHolder => ({
    id: _id,
    mediaIds: media.map(({ mediaId }) => mediaId),
  });
  for await (const batch of walk(posts, holderPages, holding)) yield batch.map(toHolder);
  for await (const batch of walk(replies, holderPages, holding)) yield batch.map(toHolder);
  const pictured = {
    status: { $ne: 'deleted' as const },
    $or: [{ avatar: { $ne: null } }, { banner: { $ne: null } }],
  };
  for await (const batch of walk(accounts, holderPages, pictured)) {
    yield batch.map(({ _id, avatar = null, banner = null }) => ({
      id: _id,
      mediaIds: [avatar, banner].flatMap((picture) => picture?.mediaId ?? []),
    }));
  }
}

/** A walk with each of its documents mapped. */
export async function* mapped<From, To>(
  walk: AsyncIterable<readonly From[]>,
  map: (from: From) => To,
): AsyncGenerator<readonly To[]> {
  for await (const batch of walk) yield batch.map(map);
}
