import type { PageBefore } from '@twite/core/keyset';
import type { Like, LikeKind, LikeStore } from '@twite/core/likes/like-store';
import type { Caches } from './caches.ts';
import { aboveAllIds, emptyCounts, emptySet, type Store } from './store.ts';

// Marks of one account that are kept; past it, its marks start anew.
const MARKS_MAX = 200;

const columns = 'like_id AS likeId, account_id AS accountId, kind, subject_id AS subjectId';

const ofAccount = (kind: LikeKind) =>
  `SELECT ${columns} FROM likes INDEXED BY likes_by_account
   WHERE account_id = ?1 AND kind = '${kind}' AND like_id < ?2`;
// Two walks of the index, which SQLite merges.
const newestOfAccount = `${ofAccount('post')} UNION ALL ${ofAccount('reply')} ORDER BY likeId DESC LIMIT ?3`;

interface LikesOf {
  readonly subjectId: string;
  readonly likes: number;
}

const perKind = (sql: (kind: LikeKind, table: string, key: string) => string): Record<LikeKind, string> => ({
  post: sql('post', 'posts', 'post_id'),
  reply: sql('reply', 'replies', 'reply_id'),
});

// Likes by some accounts are looked for from the shorter side: among the likes of a subject that has fewer than there are
// accounts, else account by account.
const ofFewLikes = perKind(
  (kind, table, key) =>
    `SELECT l.subject_id AS subjectId, count(*) AS likes
     FROM json_each(?1) AS s
     CROSS JOIN ${table} AS t ON t.${key} = s.value AND t.like_count BETWEEN 1 AND ?2
     CROSS JOIN likes AS l INDEXED BY likes_by_subject ON l.kind = '${kind}' AND l.subject_id = s.value AND l.counted = 1
     WHERE l.account_id IN (SELECT value FROM json_each(?3))
     GROUP BY l.subject_id`,
);
const ofManyLikes = perKind(
  (kind, table, key) =>
    `SELECT l.subject_id AS subjectId, count(*) AS likes
     FROM json_each(?1) AS s
     CROSS JOIN ${table} AS t ON t.${key} = s.value AND t.like_count > ?2
     CROSS JOIN json_each(?3) AS a
     CROSS JOIN likes AS l ON l.account_id = a.value AND l.kind = '${kind}' AND l.subject_id = s.value
     WHERE l.counted = 1
     GROUP BY l.subject_id`,
);

export class SqliteLikeStore implements LikeStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  add(like: Like): Promise<boolean> {
    return this.#store.writer.run('addLike', like);
  }

  remove(accountId: string, kind: LikeKind, subjectId: string): Promise<boolean> {
    return this.#store.writer.run('removeLike', { accountId, kind, subjectId });
  }

  async likedAmong(
    accountId: string,
    kind: LikeKind,
    subjectIds: readonly string[],
  ): Promise<ReadonlySet<string>> {
    const cache = this.#cacheOf(kind);
    const cached = cache.get(accountId);
    let liked: Set<string> | undefined;
    for (const subjectId of subjectIds) {
      const mark = cached?.get(subjectId);
      if (mark === undefined) {
        if (cached !== undefined) cache.fellShort();
        return this.#readLikedAmong(accountId, kind, subjectIds);
      }
      if (mark) {
        liked ??= new Set();
        liked.add(subjectId);
      }
    }
    return liked ?? emptySet;
  }

  async listByPost(postId: string, { before = aboveAllIds, limit }: PageBefore): Promise<readonly Like[]> {
    return this.#store.read.all<Like>(
      `SELECT ${columns} FROM likes INDEXED BY likes_by_subject
       WHERE kind = 'post' AND subject_id = ? AND counted = 1 AND like_id < ? ORDER BY like_id DESC LIMIT ?`,
      postId,
      before,
      limit,
    );
  }

  async listPostsByAccount(
    accountId: string,
    { before = aboveAllIds, limit }: PageBefore,
  ): Promise<readonly Like[]> {
    return this.#store.read.all<Like>(
      `SELECT ${columns} FROM likes INDEXED BY likes_by_account
       WHERE account_id = ? AND kind = 'post' AND like_id < ? ORDER BY like_id DESC LIMIT ?`,
      accountId,
      before,
      limit,
    );
  }

  async listByAccount(
    accountId: string,
    { before = aboveAllIds, limit }: PageBefore,
  ): Promise<readonly Like[]> {
    return this.#store.read.all<Like>(newestOfAccount, accountId, before, limit);
  }

  async countByAccounts(
    kind: LikeKind,
    subjectIds: readonly string[],
    accountIds: ReadonlySet<string>,
  ): Promise<ReadonlyMap<string, number>> {
    if (accountIds.size === 0 || subjectIds.length === 0) return emptyCounts;
    const subjects = JSON.stringify(subjectIds);
    const accounts = JSON.stringify([...accountIds]);
    const rows = [
      ...this.#store.read.all<LikesOf>(ofFewLikes[kind], subjects, accountIds.size, accounts),
      ...this.#store.read.all<LikesOf>(ofManyLikes[kind], subjects, accountIds.size, accounts),
    ];
    return new Map(rows.map(({ subjectId, likes }) => [subjectId, likes]));
  }

  settleAccount(accountId: string, counted: boolean, limit: number): Promise<number> {
    return this.#store.writer.run('settleLikesByAccount', { accountId, counted, limit });
  }

  purgeByAccount(accountId: string, limit: number): Promise<number> {
    return this.#store.writer.run('purgeLikesByAccount', { accountId, limit });
  }

  purgeBySubject(kind: LikeKind, subjectId: string, limit: number): Promise<number> {
    return this.#store.writer.run('purgeLikesBySubject', { kind, subjectId, limit });
  }

  #cacheOf(kind: LikeKind): Caches['postLikes'] {
    return kind === 'post' ? this.#store.caches.postLikes : this.#store.caches.replyLikes;
  }

  /** Reads the marks of all the subjects and keeps them beside those that are cached, as far as there is room. */
  #readLikedAmong(accountId: string, kind: LikeKind, subjectIds: readonly string[]): ReadonlySet<string> {
    const rows = this.#store.read.all<{ subjectId: string }>(
      `SELECT subject_id AS subjectId FROM likes
       WHERE account_id = ? AND kind = ? AND subject_id IN (SELECT value FROM json_each(?))`,
      accountId,
      kind,
      JSON.stringify(subjectIds),
    );
    const liked = new Set(rows.map(({ subjectId }) => subjectId));
    const cache = this.#cacheOf(kind);
    const cached = cache.peek(accountId);
    const marks = cached !== undefined && cached.size + subjectIds.length <= MARKS_MAX ? cached : new Map();
    if (subjectIds.length > MARKS_MAX) return liked;
    for (const subjectId of subjectIds) marks.set(subjectId, liked.has(subjectId));
    if (marks !== cached) cache.set(accountId, marks);
    return liked;
  }
}
