import type { PageBefore } from '@twite/core/keyset';
import { type AccountPlace, accountCursor, readAccountCursor } from '@twite/core/search/account-cursor';
import type {
  AccountDocument,
  AccountRevision,
  PostDocument,
  PostQuery,
  SearchIndex,
} from '@twite/core/search/search-index';
import { fold } from '@twite/core/text/search-words';
import { matchExpression } from './search-text.ts';
import type { Store } from './store.ts';

// No text that begins with a prefix is above the prefix followed by this.
const LAST_CHARACTER = '\u{10ffff}';
const GREATEST_ID = '9223372036854775807';

export class SqliteSearchIndex implements SearchIndex {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  indexPosts(posts: readonly PostDocument[]): Promise<void> {
    return this.#store.writer.run('indexPosts', { posts });
  }

  removePosts(postIds: readonly string[]): Promise<void> {
    return this.#store.writer.run('removePosts', { postIds });
  }

  async searchPosts(
    query: PostQuery,
    { before = GREATEST_ID, limit }: PageBefore,
  ): Promise<readonly string[]> {
    const match = matchExpression(query);
    if (match === undefined) return [];
    return this.#store.read
      .all<{ postId: string }>(
        `SELECT printf('%019d', rowid) AS postId FROM post_search
         WHERE post_search MATCH ? AND rowid < CAST(? AS INTEGER) ORDER BY rowid DESC LIMIT ?`,
        match,
        before,
        limit,
      )
      .map(({ postId }) => postId);
  }

  indexAccounts(accounts: readonly AccountDocument[]): Promise<void> {
    return this.#store.writer.run('indexAccounts', { accounts });
  }

  removeAccounts(accounts: readonly AccountRevision[]): Promise<void> {
    return this.#store.writer.run('removeAccounts', { accounts });
  }

  async searchAccounts(
    text: string,
    { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
  ): Promise<{ readonly accountIds: readonly string[]; readonly nextCursor: string | null }> {
    const from = readAccountCursor(cursor);
    const wanted = fold(text);
    if (wanted === '' || limit <= 0) return { accountIds: [], nextCursor: null };
    // One more than asked for tells whether there is a next page.
    const found: { accountId: string; place: AccountPlace }[] = [];
    if (from[0] === 'handle') found.push(...this.#byHandle(wanted, from[1], limit + 1));
    if (found.length <= limit) {
      const [suffix, accountId] = from[0] === 'name' ? [from[1], from[2]] : ['', ''];
      found.push(...this.#byName(wanted, suffix, accountId, limit + 1 - found.length));
    }
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      accountIds: page.map(({ accountId }) => accountId),
      nextCursor: found.length > limit && last !== undefined ? accountCursor(last.place) : null,
    };
  }

  #byHandle(prefix: string, after: string, limit: number) {
    return this.#store.read
      .all<{ accountId: string; key: string }>(
        `SELECT account_id AS accountId, handle_key AS key FROM account_search
         WHERE handle_key >= ? AND handle_key < ? AND handle_key > ? ORDER BY handle_key LIMIT ?`,
        prefix,
        prefix + LAST_CHARACTER,
        after,
        limit,
      )
      .map(({ accountId, key }) => ({ accountId, place: ['handle', key] as const }));
  }

  /** Each account once, at the first of its words that fits; without those found by handle. */
  #byName(prefix: string, afterSuffix: string, afterAccountId: string, limit: number) {
    return this.#store.read
      .all<{ accountId: string; suffix: string }>(
        `SELECT n.account_id AS accountId, n.suffix AS suffix
         FROM account_search_names AS n INDEXED BY account_search_names_by_suffix
         JOIN account_search AS a ON a.account_id = n.account_id
         WHERE n.suffix >= ?1 AND n.suffix < ?2 AND (n.suffix, n.account_id) > (?3, ?4)
           AND NOT (a.handle_key >= ?1 AND a.handle_key < ?2)
           AND NOT EXISTS (
             SELECT 1 FROM account_search_names AS earlier
             WHERE earlier.account_id = n.account_id AND earlier.suffix >= ?1 AND earlier.suffix < n.suffix
           )
         ORDER BY n.suffix, n.account_id LIMIT ?5`,
        prefix,
        prefix + LAST_CHARACTER,
        afterSuffix,
        afterAccountId,
        limit,
      )
      .map(({ accountId, suffix }) => ({ accountId, place: ['name', suffix, accountId] as const }));
  }
}
