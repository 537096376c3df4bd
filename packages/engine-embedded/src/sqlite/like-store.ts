import type { PageBefore } from '@twite/core/keyset';
import type { Like, LikeKind, LikeStore } from '@twite/core/likes/like-store';
import { aboveAllIds, type Store } from './store.ts';

const columns = 'like_id AS likeId, account_id AS accountId, kind, subject_id AS subjectId';

const ofAccount = (kind: LikeKind) =>
  `SELECT ${columns} FROM likes INDEXED BY likes_by_account
   WHERE account_id = ?1 AND kind = '${kind}' AND like_id < ?2`;
// Two scans of the index, which SQLite merges.
const newestOfAccount = `${ofAccount('post')} UNION ALL ${ofAccount('reply')} ORDER BY likeId DESC LIMIT ?3`;

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
    return new Set(
      this.#store.read.column<string>(
        `SELECT subject_id FROM likes
         WHERE account_id = ? AND kind = ? AND subject_id IN (SELECT value FROM json_each(?))`,
        accountId,
        kind,
        JSON.stringify(subjectIds),
      ),
    );
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

  settleAccount(accountId: string, counted: boolean, limit: number): Promise<number> {
    return this.#store.writer.run('settleLikesByAccount', { accountId, counted, limit });
  }

  purgeByAccount(accountId: string, limit: number): Promise<number> {
    return this.#store.writer.run('purgeLikesByAccount', { accountId, limit });
  }

  purgeBySubject(kind: LikeKind, subjectId: string, limit: number): Promise<number> {
    return this.#store.writer.run('purgeLikesBySubject', { kind, subjectId, limit });
  }
}
