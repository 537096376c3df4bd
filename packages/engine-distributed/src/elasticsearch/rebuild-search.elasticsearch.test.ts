import type { Client } from '@elastic/elasticsearch';
import { emptyPostQuery, type PostDocument, type PostQuery } from '@twite/core/search/search-index';
import { analysisVersion } from '@twite/core/text/search-words';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { searchChecks } from '../doctor/search-checks.ts';
import { randomNamespace } from '../testing/random-namespace.ts';
import { openElasticsearch } from './client.ts';
import { eraseSearch } from './erase-search.ts';
import { aliasOf, currentIndex } from './indices.ts';
import { lockIndexOf, RebuildUnderWay } from './rebuild-lock.ts';
import { type AccountState, type PostState, rebuildSearch, type SearchWalks } from './rebuild-search.ts';
import { renewAnalysis } from './renew-analysis.ts';
import { ElasticsearchSearchIndex } from './search-index.ts';
import { indexedAccounts, indexedPosts } from './stored-documents.ts';

const url = process.env.TWITE_TEST_ELASTICSEARCH_URL ?? '';
const authorId = '1900000000000000000';
const id = (n: number) => `${1_900_000_000_000_000_000n + BigInt(n)}`;
const post = (n: number, text = 'word'): PostDocument => ({
  postId: id(n),
  authorId,
  text,
  visibility: 'public',
  tags: [],
  hasMedia: false,
});
const removed = (n: number): PostState => ({ postId: id(n), deleted: true });
const account = (n: number, active = true, rev = 1): AccountState => ({
  accountId: id(n),
  rev,
  handle: `somebody${n}`,
  displayName: 'Word',
  active,
});
const byWord: PostQuery = { ...emptyPostQuery, words: ['word'] };

/** A source that does not change. */
const still = (posts: readonly PostState[], accounts: readonly AccountState[]): SearchWalks => ({
  async *posts() {
    for (const one of posts) yield [one];
  },
  async *accounts() {
    for (const one of accounts) yield [one];
  },
  async *postsChangedSince() {},
  async *accountsChangedSince() {},
});

describe.runIf(url !== '')('a rebuild of the search index', () => {
  let client: Client;
  beforeAll(() => {
    client = openElasticsearch(url);
  });
  afterAll(() => client.close());
  let namespace = '';
  let search: ElasticsearchSearchIndex;
  beforeEach(() => {
    namespace = randomNamespace();
    search = new ElasticsearchSearchIndex(client, namespace);
  });
  afterEach(() => eraseSearch(client, namespace));

  const find = async () => {
    await search.settle();
    return search.searchPosts(byWord, { limit: 100 });
  };
  const findAccounts = async () => {
    await search.settle();
    return (await search.searchAccounts('word', { limit: 100 })).accountIds;
  };
  const rebuild = (walks: SearchWalks) => rebuildSearch({ client, namespace, walks });
  const indices = async () =>
    Object.keys(await client.indices.get({ index: `${namespace}-*` }))
      .filter((index) => index !== lockIndexOf(namespace))
      .sort();

  it('copies the source to a new index, and removes the old one', async () => {
    await search.indexPosts([post(1), post(2), post(3)]);
    await search.indexAccounts([account(1), account(2), account(3)]);
    const walks = still([post(1), removed(2), post(4)], [account(1), account(2, false, 2), account(4)]);
    const progress: unknown[] = [];
    expect(
      await rebuildSearch({ client, namespace, walks, onProgress: (soFar) => progress.push(soFar) }),
    ).toEqual({ posts: 3, accounts: 3 });
    expect(progress).toHaveLength(6);
    expect(await find()).toEqual([id(4), id(1)]);
    expect(await findAccounts()).toEqual([id(1), id(4)]);
    expect(await indices()).toEqual([`${namespace}-accounts-v2`, `${namespace}-posts-v2`]);
    await rebuild(walks);
    expect(await find()).toEqual([id(4), id(1)]);
    expect(await indices()).toEqual([`${namespace}-accounts-v3`, `${namespace}-posts-v3`]);
  });

  it('creates the first index if there was none', async () => {
    await rebuild(still([post(1)], []));
    expect(await find()).toEqual([id(1)]);
  });

  it('runs alongside searches and writes, and includes these writes', async () => {
    await search.indexPosts([post(1), post(2), post(3)]);
    await search.settle();
    let done = false;
    const searching = (async () => {
      while (!done) expect((await search.searchPosts(byWord, { limit: 1_000 })).length).toBeGreaterThan(2);
    })();
    const changed: PostState[] = [];
    const write = async (state: PostState) => {
      changed.push(state);
      await ('deleted' in state ? search.removePosts([state.postId]) : search.indexPosts([state]));
    };
    const since: number[] = [];
    let startedAt = 0;
    await rebuild({
      ...still([], []),
      async *posts() {
        startedAt = Date.now();
        yield [post(1)];
        // Read before it was removed.
        const stale = [post(2), post(3)];
        // Three are found at any moment, whenever the index refreshes.
        await write(post(5));
        await write(removed(2));
        await search.settle();
        yield stale;
      },
      async *postsChangedSince(ms) {
        since.push(ms);
        const read = [...changed];
        // Written to the source and to the current index after this pass has read.
        await write(post(5 + since.length));
        yield read;
      },
    });
    done = true;
    await searching;
    expect(await find()).toEqual([id(7), id(6), id(5), id(3), id(1)]);
    expect(since).toHaveLength(2);
    expect(since[0]).toBeLessThanOrEqual(startedAt - 60_000);
    await write(post(9));
    await write(removed(1));
    expect(await find()).toEqual([id(9), id(7), id(6), id(5), id(3)]);
  });

  it('does not go back to an older revision than that of a writer', async () => {
    await search.indexAccounts([account(1, true, 3)]);
    await rebuild({
      ...still([], [account(1, true, 3)]),
      async *accountsChangedSince() {
        // The consumer is ahead of this pass.
        await search.removeAccounts([{ accountId: id(1), rev: 4 }]);
        yield [account(1, false, 4)];
        yield [account(1, true, 3)];
      },
    });
    expect(await findAccounts()).toEqual([]);
  });

  it('runs once at a time', async () => {
    const { promise: walking, resolve: reached } = Promise.withResolvers<void>();
    const { promise: released, resolve: release } = Promise.withResolvers<void>();
    const first = rebuild({
      ...still([], []),
      async *posts() {
        reached();
        await released;
        yield [post(1)];
      },
    });
    await walking;
    await expect(rebuild(still([], []))).rejects.toThrow(RebuildUnderWay);
    release();
    await first;
    expect(await find()).toEqual([id(1)]);
    await rebuild(still([post(2)], []));
    expect(await find()).toEqual([id(2)]);
  });

  it('is taken over from a killed process', async () => {
    await rebuild(still([post(1)], []));
    await client.indices.create({ index: `${namespace}-posts-v3` });
    await client.index({
      index: lockIndexOf(namespace),
      id: 'lock',
      document: { owner: 'gone', heldAt: Date.now() - 61_000 },
    });
    await rebuild(still([post(2)], []));
    expect(await find()).toEqual([id(2)]);
    expect(await indices()).toEqual([`${namespace}-accounts-v3`, `${namespace}-posts-v4`]);
  });

  it('that fails changes nothing', async () => {
    await search.indexPosts([post(1)]);
    const failing = rebuild({
      ...still([], []),
      // biome-ignore lint/correctness/useYield: it fails before
      async *accounts() {
        throw new Error('the source is away');
      },
    });
    await expect(failing).rejects.toThrow('the source is away');
    expect(await find()).toEqual([id(1)]);
    expect(await currentIndex(client, namespace, 'posts')).toBe(`${namespace}-posts-v1`);
    expect(await indices()).toEqual([`${namespace}-accounts-v1`, `${namespace}-posts-v1`]);
  });

  it('is due once for an index with an older analysis', async () => {
    const walks = still([post(1, '我家在上海东边。')], [account(1)]);
    const renew = () => renewAnalysis({ client, namespace, walks });
    const checked = async () => {
      const check = searchChecks(client, url, namespace).find(({ name }) => name === 'search index');
      return (await check?.find())?.status;
    };
    const analysed = (version: number | undefined) =>
      client.indices.putMapping({
        index: aliasOf(namespace, 'accounts'),
        _meta: version === undefined ? {} : { analysis: version },
      });
    expect(await renew()).toBe(false);
    await search.indexPosts([post(1)]);
    await search.indexAccounts([account(1)]);
    expect(await renew()).toBe(false);
    await analysed(analysisVersion + 1);
    expect(await renew()).toBe(false);
    expect(await find()).toEqual([id(1)]);
    // Release 1 wrote no version.
    await analysed(undefined);
    expect(await checked()).toBe('warn');
    expect(await renew()).toBe(true);
    expect(await renew()).toBe(false);
    expect(await checked()).toBe('pass');
    expect(await search.searchPosts({ ...byWord, words: ['上海'] }, { limit: 5 })).toEqual([id(1)]);
  });

  it('changes nothing when aborted', async () => {
    await search.indexPosts([post(1)]);
    const aborting = new AbortController();
    const walks: SearchWalks = {
      ...still([], []),
      async *posts() {
        yield [post(2)];
        aborting.abort(new Error('the process stops'));
        yield [post(3)];
      },
    };
    const { signal } = aborting;
    await expect(rebuildSearch({ client, namespace, walks, signal })).rejects.toThrow('the process stops');
    expect(await find()).toEqual([id(1)]);
    expect(await indices()).toEqual([`${namespace}-accounts-v1`, `${namespace}-posts-v1`]);
    await rebuild(still([post(2)], []));
    expect(await find()).toEqual([id(2)]);
  });

  it('leaves documents that match the source', async () => {
    await rebuild(still([post(1), removed(2), post(3)], [account(1, true, 4), account(2, false, 7)]));
    expect(await indexedPosts(client, namespace, undefined, 2)).toMatchObject([
      { id: id(1), version: 1, deleted: false },
      { id: id(2), version: 2, deleted: true },
    ]);
    expect(await indexedPosts(client, namespace, id(2), 5)).toMatchObject([{ id: id(3) }]);
    expect(await indexedAccounts(client, namespace, undefined, 5)).toMatchObject([
      { id: id(1), version: 4, deleted: false },
      { id: id(2), version: 7, deleted: true },
    ]);
    expect(await indexedAccounts(client, namespace, id(2), 5)).toEqual([]);
    expect(await indexedAccounts(client, randomNamespace(), undefined, 5)).toEqual([]);
  });
});
