import type { PageBefore } from '@twite/core/keyset';
import type { Like, LikeKind, LikeStore } from '@twite/core/likes/like-store';
import { currentTrace } from '@twite/core/trace';
import { createBatching } from '../batching.ts';
import { agreeWithStatuses, isActive, setLikesCounted } from './counted.ts';
import type { Subject } from './counts.ts';
import type { LikeDoc } from './documents.ts';
import { insertedNew } from './errors.ts';
import type { MongoContext } from './mongo-context.ts';
import { likeMark, purgeLikesOf } from './purge-likes.ts';
import { aboveAllIds, bounded, emptySet, findInChunks } from './reads.ts';
import { type Mark, writeMarked } from './write-marked.ts';

const likeIdOf = (accountId: string, kind: LikeKind, subjectId: string) =>
  `${accountId}:${kind}:${subjectId}`;

const projection = { _id: 0, likeId: 1, accountId: 1, kind: 1, subjectId: 1 } as const;

export class MongoLikeStore implements LikeStore {
  readonly #context: MongoContext;
  /** By kind, the subjects that exist; checks for concurrent likes share their queries. */
  readonly #existing: Readonly<Record<LikeKind, ReturnType<typeof createBatching<true>>>>;

  constructor(context: MongoContext) {
    this.#context = context;
    const existing = (kind: LikeKind) =>
      createBatching<true>(async (ids) => {
        const found = await findInChunks(ids, (some) =>
          this.#subjectsOf(kind)
            .find({ _id: { $in: some }, deleted: false }, { ...bounded, projection: { _id: 1 } })
            .toArray(),
        );
        return new Map(found.map(({ _id }) => [_id, true]));
      });
    this.#existing = { post: existing('post'), reply: existing('reply') };
  }

  async add(like: Like): Promise<boolean> {
    const { collections, statusesOf } = this.#context;
    const { accountId, kind, subjectId } = like;
    const id = likeIdOf(accountId, kind, subjectId);
    const [isThere, statuses] = await Promise.all([this.#isThere(kind, subjectId), statusesOf([accountId])]);
    if (!isThere) return false;
    const counted = isActive(statuses, accountId);
    const insert = collections.likes.insertOne({ _id: id, ...like, counted, trace: currentTrace() });
    if (!(await insertedNew(insert))) return false;
    // Meanwhile the subject may have been deleted and purged, or the account suspended and settled.
    const [isStillThere] = await Promise.all([
      this.#isThere(kind, subjectId),
      agreeWithStatuses(statusesOf, [{ id, accountIds: [accountId], counted }], setLikesCounted(collections)),
    ]);
    if (!isStillThere) await collections.likes.deleteOne({ _id: id });
    await this.#written([like]);
    return isStillThere;
  }

  async remove(accountId: string, kind: LikeKind, subjectId: string): Promise<boolean> {
    const { deletedCount } = await this.#context.collections.likes.deleteOne({
      _id: likeIdOf(accountId, kind, subjectId),
    });
    if (deletedCount === 0) return false;
    await this.#written([{ accountId, kind, subjectId }]);
    return true;
  }

  async likedAmong(
    accountId: string,
    kind: LikeKind,
    subjectIds: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const found = await this.#findAmong(subjectIds.map((subjectId) => likeIdOf(accountId, kind, subjectId)));
    return found.length === 0 ? emptySet : new Set(found.map(({ subjectId }) => subjectId));
  }

  listByPost(postId: string, { before = aboveAllIds, limit }: PageBefore): Promise<readonly Like[]> {
    return this.#context.collections.likes
      .find<Like>(
        { subjectId: postId, kind: 'post', counted: true, likeId: { $lt: before } },
        { ...bounded, projection },
      )
      .sort({ likeId: -1 })
      .limit(limit)
      .toArray();
  }

  listPostsByAccount(
    accountId: string,
    { before = aboveAllIds, limit }: PageBefore,
  ): Promise<readonly Like[]> {
    return this.#context.collections.likes
      .find<Like>({ accountId, kind: 'post', likeId: { $lt: before } }, { ...bounded, projection })
      .sort({ likeId: -1 })
      .limit(limit)
      .toArray();
  }

  listByAccount(accountId: string, { before = aboveAllIds, limit }: PageBefore): Promise<readonly Like[]> {
    const kinds: LikeKind[] = ['post', 'reply'];
    return (
      this.#context.collections.likes
        // Both kinds rather than no filter: MongoDB then merges two index scans.
        .find<Like>({ accountId, kind: { $in: kinds }, likeId: { $lt: before } }, { ...bounded, projection })
        .sort({ likeId: -1 })
        .limit(limit)
        .toArray()
    );
  }

  async settleAccount(accountId: string, counted: boolean, limit: number): Promise<number> {
    const { collections, counts } = this.#context;
    const found = await collections.likes
      .find({ accountId, counted: !counted }, { ...bounded, projection: { kind: 1, subjectId: 1 } })
      .limit(limit)
      .toArray();
    if (found.length === 0) return 0;
    const subjectsOf = (kind: LikeKind) =>
      found.filter((like) => like.kind === kind).map(({ subjectId }) => subjectId);
    const marks: readonly Mark[] = [
      ['post', subjectsOf('post'), ['likeCount']],
      ['reply', subjectsOf('reply'), ['likeCount']],
    ];
    await writeMarked(counts, marks, () =>
      setLikesCounted(collections)(
        found.map(({ _id }) => _id),
        counted,
      ),
    );
    return found.length;
  }

  async purgeByAccount(accountId: string, limit: number): Promise<number> {
    const { likes } = this.#context.collections;
    const found = await likes
      .find({ accountId }, { ...bounded, projection: { accountId: 1, kind: 1, subjectId: 1 } })
      .limit(limit)
      .toArray();
    if (found.length === 0) return 0;
    await likes.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } });
    await this.#written(found);
    return found.length;
  }

  purgeBySubject(kind: LikeKind, subjectId: string, limit: number): Promise<number> {
    return purgeLikesOf(this.#context, kind, [subjectId], limit);
  }

  #findAmong(ids: readonly string[]) {
    return findInChunks(ids, (some) =>
      this.#context.collections.likes
        .find({ _id: { $in: some } }, { ...bounded, projection: { subjectId: 1, counted: 1 } })
        .toArray(),
    );
  }

  #subjectsOf(kind: LikeKind): Pick<MongoContext['collections']['replies'], 'find'> {
    const { posts, replies } = this.#context.collections;
    return kind === 'post' ? (posts as unknown as typeof replies) : replies;
  }

  async #isThere(kind: LikeKind, subjectId: string): Promise<boolean> {
    return (await this.#existing[kind]([subjectId])).has(subjectId);
  }

  #written(likes: readonly Pick<LikeDoc, 'accountId' | 'kind' | 'subjectId'>[]): Promise<void> {
    const subjects = new Map(
      likes.map(({ kind, subjectId }): [string, Subject] => [
        `${kind}:${subjectId}`,
        [kind, subjectId, 'likeCount'],
      ]),
    );
    return this.#context.counts.recountWritten(subjects.values(), likes.map(likeMark));
  }
}
