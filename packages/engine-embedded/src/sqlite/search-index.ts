import type { PageBefore } from '@twite/core/keyset';
import { accountCursor, readAccountCursor } from '@twite/core/search/account-cursor';
import type {
  AccountDocument,
  AccountRevision,
  FoundAuthors,
  PostDocument,
  PostQuery,
  PostRange,
  PostTerms,
  SearchIndex,
} from '@twite/core/search/search-index';
import { fold } from '@twite/core/text/search-words';
import type { Store } from './store.ts';

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

  searchPosts(query: PostQuery, { before, limit }: PageBefore): Promise<readonly string[]> {
    return this.#store.reader.run('searchPosts', { query, before, limit });
  }

  findFollowersPostAuthors(
    terms: PostTerms,
    range: PostRange & { readonly limit: number },
  ): Promise<FoundAuthors> {
    return this.#store.reader.run('findFollowersPostAuthors', { terms, ...range });
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
    // One more than requested, to detect a next page.
    const found = await this.#store.reader.run('searchAccounts', { prefix: wanted, from, limit: limit + 1 });
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      accountIds: page.map(({ accountId }) => accountId),
      nextCursor: found.length > limit && last !== undefined ? accountCursor(last.place) : null,
    };
  }
}
