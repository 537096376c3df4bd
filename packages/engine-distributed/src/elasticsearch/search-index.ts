import type { Client, estypes } from '@elastic/elasticsearch';
import type { PageBefore } from '@twite/core/keyset';
import { type AccountPlace, accountCursor, readAccountCursor } from '@twite/core/search/account-cursor';
import {
  type AccountDocument,
  type AccountRevision,
  emptyPostQuery,
  type FoundAuthors,
  type PostDocument,
  type PostQuery,
  type PostRange,
  type PostTerms,
  type SearchIndex,
} from '@twite/core/search/search-index';
import { fold } from '@twite/core/text/search-words';
import { aliasOf, ensureIndices, type SearchKind, searchKinds } from './indices.ts';
import { accountsByHandle, accountsByName, followersPostsByAuthor, postsBy } from './queries.ts';
import {
  accountTombstone,
  accountVersion,
  postTombstone,
  postVersion,
  type VersionedDocument,
} from './search-documents.ts';
import { type SearchOptions, searchIds } from './search-hits.ts';
import { NoSuchIndex, RefusedDocuments, writeVersions } from './write-versions.ts';

/** The first search after a start of Elasticsearch takes seconds to load classes and segments. */
const firstSearchMs = 20_000;

const aWord: PostQuery = { ...emptyPostQuery, words: ['a'] };

/**
 * Posts and accounts in two indices, which are created on the first write; until then nothing is found. Repeated and
 * reordered writes are harmless: every document has a version.
 */
export class ElasticsearchSearchIndex implements SearchIndex {
  readonly #client: Client;
  readonly #namespace: string;
  #ensured: Promise<void> | undefined;

  constructor(client: Client, namespace: string) {
    this.#client = client;
    this.#namespace = namespace;
  }

  indexPosts(posts: readonly PostDocument[]): Promise<void> {
    return this.#write('posts', posts.map(postVersion));
  }

  removePosts(postIds: readonly string[]): Promise<void> {
    const now = Date.now();
    return this.#write(
      'posts',
      postIds.map((postId) => postTombstone(postId, now)),
    );
  }

  async searchPosts(query: PostQuery, { before, limit }: PageBefore): Promise<readonly string[]> {
    const wanted = postsBy(query, before);
    if (wanted === undefined || limit <= 0) return [];
    const hits = await this.#search('posts', { query: wanted, sort: [{ postId: 'desc' }], size: limit });
    return hits.map(({ id }) => id);
  }

  async findFollowersPostAuthors(
    terms: PostTerms,
    { limit, ...range }: PostRange & { readonly limit: number },
  ): Promise<FoundAuthors> {
    // One more than requested shows whether there are more.
    const request = followersPostsByAuthor(terms, range, limit + 1);
    if (request === undefined) return { authorIds: [], isComplete: true };
    const hits = await this.#search('posts', request);
    return {
      authorIds: hits.slice(0, limit).map(({ sort }) => `${sort[1]}`),
      isComplete: hits.length <= limit,
    };
  }

  indexAccounts(accounts: readonly AccountDocument[]): Promise<void> {
    return this.#write('accounts', accounts.map(accountVersion));
  }

  removeAccounts(accounts: readonly AccountRevision[]): Promise<void> {
    const now = Date.now();
    return this.#write(
      'accounts',
      accounts.map((account) => accountTombstone(account, now)),
    );
  }

  async searchAccounts(
    text: string,
    { cursor, limit }: { readonly cursor?: string | undefined; readonly limit: number },
  ): Promise<{ readonly accountIds: readonly string[]; readonly nextCursor: string | null }> {
    const from = readAccountCursor(cursor);
    const wanted = fold(text).toWellFormed();
    if (wanted === '' || limit <= 0) return { accountIds: [], nextCursor: null };
    // One more than requested shows whether there is a next page.
    const found: { accountId: string; place: AccountPlace }[] = [];
    if (from[0] === 'handle') {
      const hits = await this.#search('accounts', accountsByHandle(wanted, from[1], limit + 1));
      found.push(
        ...hits.map(({ id, sort }) => ({ accountId: id, place: ['handle', `${sort[0]}`] as const })),
      );
    }
    if (found.length <= limit) {
      const after = from[0] === 'name' ? ([from[1], from[2]] as const) : undefined;
      const hits = await this.#search('accounts', accountsByName(wanted, after, limit + 1 - found.length));
      found.push(
        ...hits.map(({ id, sort }) => ({ accountId: id, place: ['name', `${sort[0]}`, id] as const })),
      );
    }
    const page = found.slice(0, limit);
    const last = page.at(-1);
    return {
      accountIds: page.map(({ accountId }) => accountId),
      nextCursor: found.length > limit && last !== undefined ? accountCursor(last.place) : null,
    };
  }

  /**
   * Searches both indices once, so that the first search of a user need not wait for what Elasticsearch loads for it.
   */
  async warm(): Promise<void> {
    const options = { requestTimeout: firstSearchMs };
    const sort: estypes.Sort = [{ postId: 'desc' }];
    await Promise.all([
      this.#search('posts', { query: postsBy(aWord, undefined), sort, size: 1 }, options),
      this.#search('accounts', accountsByHandle('a', '', 1), options),
      this.#search('accounts', accountsByName('a', undefined, 1), options),
    ]);
  }

  /** Whether the post is in the searchable part of the index. */
  isSearchable(postId: string): Promise<boolean> {
    const index = aliasOf(this.#namespace, 'posts');
    return this.#client.exists({ index, id: postId, realtime: false });
  }

  /** Resolves when everything written is searchable. */
  async settle(): Promise<void> {
    await this.#client.indices.refresh({
      index: searchKinds.map((kind) => aliasOf(this.#namespace, kind)),
      ignore_unavailable: true,
    });
  }

  async #write(kind: SearchKind, documents: readonly VersionedDocument[]): Promise<void> {
    if (documents.length === 0) return;
    const alias = aliasOf(this.#namespace, kind);
    await this.#ensure();
    try {
      await writeVersions(this.#client, alias, documents);
    } catch (error) {
      if (!(error instanceof NoSuchIndex) && !(error instanceof RefusedDocuments)) throw error;
      // The index was erased meanwhile, or the write met an index that a rebuild had just replaced, or an older release
      // built an index that lacks fields.
      this.#ensured = undefined;
      await this.#ensure();
      await writeVersions(this.#client, alias, documents);
    }
  }

  #ensure(): Promise<void> {
    this.#ensured ??= ensureIndices(this.#client, this.#namespace).catch((error: unknown) => {
      this.#ensured = undefined;
      throw error;
    });
    return this.#ensured;
  }

  #search(kind: SearchKind, request: estypes.SearchRequest, options?: SearchOptions) {
    return searchIds(this.#client, aliasOf(this.#namespace, kind), request, options);
  }
}
