import type { PageBefore } from '@twite/core/keyset';
import type { MediaSnapshot } from '@twite/core/media/media-record';
import type { NewPost, PostRecord, PostRef, PostStore } from '@twite/core/posts/post-store';
import { currentTrace } from '@twite/core/trace';
import pMap from 'p-map';
import { createBatching } from '../batching.ts';
import { deepFreeze } from '../deep-freeze.ts';
import { hit } from '../failpoints.ts';
import { changing } from './change.ts';
import type { PostDoc } from './documents.ts';
import { insertedNew } from './errors.ts';
import type { MongoContext } from './mongo-context.ts';
import { aboveAllIds, bounded, chunksOf, findInChunks, readsAtOnce } from './reads.ts';
import { havingMedia, settingMedia } from './setting-media.ts';
import { purgeTime } from './tombstones.ts';

const projection = {
  authorId: 1,
  text: 1,
  entities: 1,
  visibility: 1,
  media: 1,
  createdAt: 1,
  likeCount: 1,
  replyCount: 1,
} as const satisfies { readonly [F in keyof Omit<PostRecord, 'postId'>]: 1 };

type PostFields = { _id: string } & Omit<PostRecord, 'postId' | 'media'> & Pick<PostDoc, 'media'>;

// The number of authors that MongoDB merges in one sorted scan; with more it would sort all their posts in memory.
const authorsMerged = 200;
const scansAtOnce = 4;

export const postCountOf = (visibility: PostDoc['visibility']) =>
  visibility === 'public' ? 'publicPostCount' : 'followersPostCount';

export class MongoPostStore implements PostStore {
  readonly #context: MongoContext;
  /** Concurrent reads share their queries. */
  readonly #found = createBatching<PostRecord>(
    async (postIds) => {
      const found = await findInChunks(postIds, (some) =>
        this.#context.collections.posts
          .find<PostFields>({ _id: { $in: some }, deleted: false }, { ...bounded, projection })
          .toArray(),
      );
      return new Map(
        found.map(({ _id, media = [], ...fields }) => [
          _id,
          Object.freeze({ postId: _id, ...fields, media: deepFreeze(media) }),
        ]),
      );
    },
    { concurrency: readsAtOnce },
  );

  constructor(context: MongoContext) {
    this.#context = context;
  }

  async insert({ postId, ...fields }: NewPost): Promise<'inserted' | 'exists'> {
    const insert = this.#context.collections.posts.insertOne({
      _id: postId,
      ...fields,
      likeCount: 0,
      likeCountRev: 0,
      replyCount: 0,
      replyCountRev: 0,
      deleted: false,
      rev: 1,
      trace: currentTrace(),
    });
    if (!(await insertedNew(insert))) return 'exists';
    hit('posts.afterInsert');
    await this.#written(postId, fields.authorId);
    return 'inserted';
  }

  async findMany(postIds: readonly string[]): Promise<ReadonlyMap<string, PostRecord>> {
    return this.#found(postIds);
  }

  async setMedia(postId: string, media: readonly MediaSnapshot[]): Promise<boolean> {
    const { matchedCount } = await this.#context.collections.posts.updateOne(
      { _id: postId, deleted: false, ...havingMedia(media) },
      settingMedia(media),
    );
    hit('posts.afterSetMedia');
    if (matchedCount === 0) return false;
    await this.#context.invalidate([['posts', postId]]);
    return true;
  }

  async delete(postId: string): Promise<boolean> {
    const wallNow = this.#context.wallNow();
    const deleted = await this.#context.collections.posts.findOneAndUpdate(
      { _id: postId, deleted: false },
      changing('postDeleted', {
        set: { deleted: true, deletedAt: wallNow, purgeAt: purgeTime(wallNow) },
        unset: ['text', 'entities', 'media'],
      }),
      { returnDocument: 'before', projection: { authorId: 1 } },
    );
    if (deleted === null) return false;
    await this.#written(postId, deleted.authorId);
    return true;
  }

  async listByAuthor(
    authorId: string,
    { before = aboveAllIds, limit, visibility }: PageBefore & { readonly visibility: 'public' | 'all' },
  ): Promise<readonly string[]> {
    const found = await this.#context.collections.posts
      .find(
        {
          authorId,
          deleted: false,
          ...(visibility === 'public' ? { visibility } : {}),
          _id: { $lt: before },
        },
        { ...bounded, projection: { _id: 1 } },
      )
      .sort({ _id: -1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id }) => _id);
  }

  async listPublic({ before = aboveAllIds, limit }: PageBefore): Promise<readonly PostRef[]> {
    if (limit <= 0) return [];
    const found = await this.#context.collections.posts
      .find(
        { deleted: false, visibility: 'public', _id: { $lt: before } },
        { ...bounded, projection: { authorId: 1 } },
      )
      .sort({ _id: -1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id, authorId }) => ({ postId: _id, authorId }));
  }

  async listByAuthors(
    authorIds: readonly string[],
    { before = aboveAllIds, limit }: PageBefore,
  ): Promise<readonly PostRef[]> {
    if (limit <= 0) return [];
    let newest: PostRef[] = [];
    await pMap(
      chunksOf([...new Set(authorIds)], authorsMerged),
      async (some) => {
        // Once there is a full page, only posts newer than its last one matter.
        const last = newest.length === limit ? newest[limit - 1]?.postId : undefined;
        const found = await this.#context.collections.posts
          .find(
            {
              authorId: { $in: some },
              deleted: false,
              _id: last === undefined ? { $lt: before } : { $lt: before, $gt: last },
            },
            { ...bounded, projection: { authorId: 1 } },
          )
          .sort({ _id: -1 })
          .limit(limit)
          .toArray();
        const refs = found.map(({ _id, authorId }): PostRef => ({ postId: _id, authorId }));
        newest = [...newest, ...refs].sort((a, b) => (a.postId < b.postId ? 1 : -1)).slice(0, limit);
      },
      { concurrency: scansAtOnce },
    );
    return newest;
  }

  /** The consumer of the event updates the author's counts. */
  #written(postId: string, authorId: string): Promise<void> {
    return this.#context.invalidate([
      ['posts', postId],
      ['newestPosts', authorId],
    ]);
  }
}
