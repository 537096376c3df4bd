import type { PageBefore } from '@twite/core/keyset';
import type { Like, LikeKind, LikeStore } from '@twite/core/likes/like-store';
import type { Caches, LikeMarks } from './caches.ts';
import { invalidateOnError } from './invalidate-on-error.ts';
import { type Invalidation, tag } from './invalidation.ts';
import type { InvalidationBus } from './invalidation-bus.ts';

// The maximum number of cached marks of one account; beyond it, its marks start over.
const MARKS_MAX = 200;

const emptySet: ReadonlySet<string> = new Set<string>();

export class CachedLikeStore implements LikeStore {
  readonly #inner: LikeStore;
  readonly #caches: Caches;
  readonly #bus: InvalidationBus;

  constructor(inner: LikeStore, caches: Caches, bus: InvalidationBus) {
    this.#inner = inner;
    this.#caches = caches;
    this.#bus = bus;
  }

  add(like: Like): Promise<boolean> {
    const { accountId, kind, subjectId } = like;
    return invalidateOnError(this.#bus, this.#inner.add(like), () =>
      invalidationsOf(accountId, kind, subjectId),
    );
  }

  remove(accountId: string, kind: LikeKind, subjectId: string): Promise<boolean> {
    return invalidateOnError(this.#bus, this.#inner.remove(accountId, kind, subjectId), () =>
      invalidationsOf(accountId, kind, subjectId),
    );
  }

  async likedAmong(
    accountId: string,
    kind: LikeKind,
    subjectIds: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const cache = kind === 'post' ? this.#caches.postLikes : this.#caches.replyLikes;
    const marks = cache.get(accountId);
    let liked: Set<string> | undefined;
    for (const subjectId of subjectIds) {
      const mark = marks?.get(subjectId);
      if (mark === undefined) {
        if (marks) cache.fellShort();
        return this.#readLikedAmong(accountId, kind, subjectIds);
      }
      if (mark) {
        liked ??= new Set();
        liked.add(subjectId);
      }
    }
    return liked ?? emptySet;
  }

  listByPost(postId: string, page: PageBefore): Promise<readonly Like[]> {
    return this.#inner.listByPost(postId, page);
  }

  listPostsByAccount(accountId: string, page: PageBefore): Promise<readonly Like[]> {
    return this.#inner.listPostsByAccount(accountId, page);
  }

  listByAccount(accountId: string, page: PageBefore): Promise<readonly Like[]> {
    return this.#inner.listByAccount(accountId, page);
  }

  /**
   * No cached value says whether a like counts; subjects whose counts change are invalidated when they are recounted.
   */
  settleAccount(accountId: string, counted: boolean, limit: number): Promise<number> {
    return this.#inner.settleAccount(accountId, counted, limit);
  }

  purgeByAccount(accountId: string, limit: number): Promise<number> {
    return invalidateOnError(this.#bus, this.#inner.purgeByAccount(accountId, limit), () => [
      ['postLikes', accountId],
      ['replyLikes', accountId],
    ]);
  }

  purgeBySubject(kind: LikeKind, subjectId: string, limit: number): Promise<number> {
    return invalidateOnError(this.#bus, this.#inner.purgeBySubject(kind, subjectId, limit), () => [
      [marksOf(kind), tag(subjectId)],
      [subjectsOf(kind), subjectId],
    ]);
  }

  /** Reads the marks of all subjects and adds them to the cached ones, as far as there is room. */
  async #readLikedAmong(
    accountId: string,
    kind: LikeKind,
    subjectIds: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const cache = this.#caches[marksOf(kind)];
    const ticket = cache.begin(accountId);
    let marks: LikeMarks | undefined;
    try {
      const liked = await this.#inner.likedAmong(accountId, kind, subjectIds);
      if (!ticket.isVoid && subjectIds.length <= MARKS_MAX) {
        const cached = cache.peek(accountId);
        marks = cached && cached.size + subjectIds.length <= MARKS_MAX ? cached : new Map<string, boolean>();
        for (const subjectId of subjectIds) marks.set(subjectId, liked.has(subjectId));
      }
      return liked;
    } finally {
      cache.end(accountId, ticket, marks);
    }
  }
}

const marksOf = (kind: LikeKind) => (kind === 'post' ? 'postLikes' : 'replyLikes');
const subjectsOf = (kind: LikeKind) => (kind === 'post' ? 'posts' : 'replies');

const invalidationsOf = (accountId: string, kind: LikeKind, subjectId: string): Invalidation[] => [
  [marksOf(kind), accountId],
  [subjectsOf(kind), subjectId],
];
