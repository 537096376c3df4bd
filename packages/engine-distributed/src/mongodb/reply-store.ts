import type { PageAfter, PageBefore } from '@twite/core/keyset';
import type { MediaSnapshot } from '@twite/core/media/media-record';
import type { NewReply, ReplyRecord, ReplyStore } from '@twite/core/replies/reply-store';
import { currentTrace } from '@twite/core/trace';
import { deepFreeze } from '../deep-freeze.ts';
import { hit } from '../failpoints.ts';
import { changing } from './change.ts';
import { agreeWithStatuses, isActive, setRepliesCounted } from './counted.ts';
import type { Subject } from './counts.ts';
import type { ReplyDoc } from './documents.ts';
import { insertedNew } from './errors.ts';
import type { MongoContext } from './mongo-context.ts';
import { purgeLikesOf } from './purge-likes.ts';
import { aboveAllIds, bounded, findInChunks } from './reads.ts';
import { havingMedia, settingMedia } from './setting-media.ts';
import { purgeTime } from './tombstones.ts';
import { writeMarked } from './write-marked.ts';

const projection = {
  postId: 1,
  parentReplyId: 1,
  authorId: 1,
  text: 1,
  entities: 1,
  media: 1,
  createdAt: 1,
  likeCount: 1,
} as const satisfies { readonly [F in keyof Omit<ReplyRecord, 'replyId'>]: 1 };

type ReplyFields = { _id: string } & Omit<ReplyRecord, 'replyId' | 'media'> & Pick<ReplyDoc, 'media'>;

const likesErasedAtOnce = 200;

export class MongoReplyStore implements ReplyStore {
  readonly #context: MongoContext;

  constructor(context: MongoContext) {
    this.#context = context;
  }

  async insert({ replyId, ...fields }: NewReply): Promise<'inserted' | 'exists'> {
    const { collections, statusesOf } = this.#context;
    const { postId, authorId } = fields;
    const counted = isActive(await statusesOf([authorId]), authorId);
    const insert = collections.replies.insertOne({
      _id: replyId,
      ...fields,
      counted,
      likeCount: 0,
      likeCountRev: 0,
      deleted: false,
      rev: 1,
      trace: currentTrace(),
    });
    if (!(await insertedNew(insert))) return 'exists';
    hit('replies.afterInsert');
    // The author may have been suspended, and settled, since their status was read.
    const edge = { id: replyId, accountIds: [authorId], counted };
    await agreeWithStatuses(statusesOf, [edge], setRepliesCounted(collections));
    await this.#written([{ _id: replyId, postId }]);
    return 'inserted';
  }

  async findMany(replyIds: readonly string[]): Promise<ReadonlyMap<string, ReplyRecord>> {
    const found = await findInChunks(replyIds, (some) =>
      this.#context.collections.replies
        .find<ReplyFields>({ _id: { $in: some }, deleted: false }, { ...bounded, projection })
        .toArray(),
    );
    return new Map(
      found.map(({ _id, media = [], ...fields }) => [
        _id,
        Object.freeze({ replyId: _id, ...fields, media: deepFreeze(media) }),
      ]),
    );
  }

  async setMedia(replyId: string, media: readonly MediaSnapshot[]): Promise<boolean> {
    const { matchedCount } = await this.#context.collections.replies.updateOne(
      { _id: replyId, deleted: false, ...havingMedia(media) },
      settingMedia(media),
    );
    hit('replies.afterSetMedia');
    if (matchedCount === 0) return false;
    await this.#context.invalidate([['replies', replyId]]);
    return true;
  }

  async delete(replyId: string): Promise<boolean> {
    const deleted = await this.#context.collections.replies.findOneAndUpdate(
      { _id: replyId, deleted: false },
      this.#tombstone(),
      { returnDocument: 'before', projection: { postId: 1 } },
    );
    if (deleted === null) return false;
    await this.#erased([deleted]);
    return true;
  }

  async listByPost(postId: string, { after = '', limit }: PageAfter): Promise<readonly string[]> {
    const found = await this.#context.collections.replies
      .find(
        { postId, deleted: false, counted: true, _id: { $gt: after } },
        { ...bounded, projection: { _id: 1 } },
      )
      .sort({ _id: 1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id }) => _id);
  }

  async listByAuthor(
    authorId: string,
    { before = aboveAllIds, limit }: PageBefore,
  ): Promise<readonly string[]> {
    const found = await this.#context.collections.replies
      .find({ authorId, deleted: false, _id: { $lt: before } }, { ...bounded, projection: { _id: 1 } })
      .sort({ _id: -1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id }) => _id);
  }

  async settleAuthor(authorId: string, counted: boolean, limit: number): Promise<number> {
    const { collections, counts } = this.#context;
    const found = await collections.replies
      .find({ authorId, deleted: false, counted: !counted }, { ...bounded, projection: { postId: 1 } })
      .limit(limit)
      .toArray();
    if (found.length === 0) return 0;
    const postIds = found.map(({ postId }) => postId);
    await writeMarked(counts, [['post', postIds, ['replyCount']]], () =>
      setRepliesCounted(collections)(
        found.map(({ _id }) => _id),
        counted,
      ),
    );
    return found.length;
  }

  async purgeByPost(postId: string, limit: number): Promise<number> {
    const { replies } = this.#context.collections;
    const found = await replies
      .find({ postId, deleted: false }, { ...bounded, projection: { postId: 1 } })
      .limit(limit)
      .toArray();
    if (found.length === 0) return 0;
    await replies.updateMany(
      { _id: { $in: found.map(({ _id }) => _id) }, deleted: false },
      this.#tombstone(),
    );
    await this.#erased(found);
    return found.length;
  }

  #tombstone() {
    const wallNow = this.#context.wallNow();
    return changing('replyDeleted', {
      set: { deleted: true, counted: false, deletedAt: wallNow, purgeAt: purgeTime(wallNow) },
      unset: ['text', 'entities', 'media'],
    });
  }

  async #erased(erased: readonly Pick<ReplyDoc, '_id' | 'postId'>[]): Promise<void> {
    const ids = erased.map(({ _id }) => _id);
    // As far as one step goes; `upkeep` erases the rest.
    await purgeLikesOf(this.#context, 'reply', ids, likesErasedAtOnce);
    await this.#written(erased);
  }

  #written(replies: readonly Pick<ReplyDoc, '_id' | 'postId'>[]): Promise<void> {
    const postIds = new Set(replies.map(({ postId }) => postId));
    return this.#context.counts.recountWritten(
      [...postIds].map((postId): Subject => ['post', postId, 'replyCount']),
      replies.map(({ _id }) => ['replies', _id]),
    );
  }
}
