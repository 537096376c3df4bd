import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Client } from '@elastic/elasticsearch';
import { emptyPostQuery, type PostDocument, type PostQuery } from '@twite/core/search/search-index';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { randomNamespace } from '../testing/random-namespace.ts';
import { ElasticsearchBusy, isElasticsearchUnavailable, openElasticsearch } from './client.ts';
import { eraseSearch } from './erase-search.ts';
import { aliasOf, createIndex, ensureIndices, indexOf } from './indices.ts';
import { ElasticsearchSearchIndex } from './search-index.ts';
import { indexedPosts, purgeTombstones } from './stored-documents.ts';
import { RefusedDocuments, writeVersions } from './write-versions.ts';

const url = process.env.TWITE_TEST_ELASTICSEARCH_URL ?? '';

const id = (n: number) => `${1_900_000_000_000_000_000n + BigInt(n)}`;
const post = (n: number): PostDocument => ({
  postId: id(n),
  authorId: id(0),
  text: 'word',
  visibility: 'public',
  tags: [],
  hasMedia: false,
});
const byWord: PostQuery = { ...emptyPostQuery, words: ['word'] };

describe.runIf(url !== '')('on Elasticsearch', () => {
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
  const find = () => search.searchPosts(byWord, { limit: 10 });
  const indices = async () => Object.keys(await client.indices.get({ index: `${namespace}-*` })).sort();

  it('indices are created at the first write, and not before', async () => {
    expect(await find()).toEqual([]);
    expect(await search.searchAccounts('word', { limit: 10 })).toEqual({ accountIds: [], nextCursor: null });
    await search.settle();
    await search.removePosts([]);
    await search.warm();
    expect(await indices()).toEqual([]);
    await search.indexPosts([post(1)]);
    await search.warm();
    expect(await indices()).toEqual([`${namespace}-accounts-v1`, `${namespace}-posts-v1`]);
  });

  it('writes are found within a second', async () => {
    await search.indexPosts([post(1)]);
    await vi.waitFor(async () => expect(await find()).toEqual([id(1)]), { timeout: 1_000, interval: 20 });
  });

  it('several processes can start at once', async () => {
    const many = Array.from({ length: 8 }, () => new ElasticsearchSearchIndex(client, namespace));
    await Promise.all(many.map((one, n) => one.indexPosts([post(n + 1)])));
    await search.settle();
    expect(await find()).toHaveLength(8);
    await Promise.all(many.map(() => ensureIndices(client, namespace)));
    expect(await indices()).toHaveLength(2);
  });

  it('an index of a release before media accepts posts with and without media, and treats older ones as posts without', async () => {
    const older = async () => {
      await eraseSearch(client, namespace);
      const index = indexOf(namespace, 'posts', 1);
      await createIndex(client, index, 'posts', { alias: aliasOf(namespace, 'posts') });
      const { [index]: made } = await client.indices.getMapping({ index });
      await eraseSearch(client, namespace);
      const { hasMedia: _, ...properties } = made?.mappings.properties ?? {};
      const aliases = { [aliasOf(namespace, 'posts')]: { is_write_index: true } };
      await client.indices.create({ index, mappings: { dynamic: 'strict', properties }, aliases });
    };
    const withMedia = { ...post(2), hasMedia: true };
    await older();
    // A new process, and one that knew the index, which an older process has just recreated.
    for (let i = 0; i < 2; i++) {
      await search.indexPosts([post(1), withMedia, post(3)]);
      await search.settle();
      const found = (hasMedia: boolean | undefined) =>
        search.searchPosts({ ...byWord, hasMedia }, { limit: 10 });
      expect(await found(undefined)).toEqual([id(3), id(2), id(1)]);
      expect(await found(true)).toEqual([id(2)]);
      expect(await found(false)).toEqual([id(3), id(1)]);
      expect(await search.searchPosts({ ...byWord, words: [], hasMedia: true }, { limit: 10 })).toEqual([
        id(2),
      ]);
      await older();
    }
  });

  it('erased indices are created again', async () => {
    await search.indexPosts([post(1)]);
    await eraseSearch(client, namespace);
    expect(await find()).toEqual([]);
    await search.indexPosts([post(2)]);
    await search.settle();
    expect(await find()).toEqual([id(2)]);
  });

  it('refused documents are named, and the others are written', async () => {
    await ensureIndices(client, namespace);
    const documents = [1, 2, 3, 4].map((n) => ({
      id: id(n),
      version: 1,
      document: n % 2 === 0 ? { words: 'word', unknown: n } : { postId: id(n), words: 'word' },
    }));
    const error = await writeVersions(client, aliasOf(namespace, 'posts'), documents).catch(
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(RefusedDocuments);
    expect(error.ids).toEqual([id(2), id(4)]);
    expect(error.message).toContain(`Elasticsearch refused ${id(2)}, ${id(4)} (${id(2)}: `);
    expect(error.message).toContain('strict');
    expect(isElasticsearchUnavailable(error)).toBe(false);
    await search.settle();
    expect((await indexedPosts(client, namespace, undefined, 10)).map((one) => one.id)).toEqual([
      id(1),
      id(3),
    ]);
  });

  it('tombstones are erased after a week, unless they were replaced', async () => {
    await search.indexPosts([post(1), post(2)]);
    await search.removePosts([id(1)]);
    await search.removeAccounts([{ accountId: id(1), rev: 2 }]);
    await search.settle();
    const week = 7 * 86_400_000;
    expect(await purgeTombstones(client, namespace, { now: Date.now() + week - 60_000 })).toBe(0);
    expect(await purgeTombstones(client, namespace, { now: Date.now() + week + 60_000 })).toBe(2);
    await search.settle();
    expect((await indexedPosts(client, namespace, undefined, 10)).map((one) => one.id)).toEqual([id(2)]);
    await search.removeAccounts([{ accountId: id(2), rev: 2 }]);
    await search.settle();
    await search.indexAccounts([{ accountId: id(2), rev: 3, handle: 'back', displayName: '' }]);
    expect(await purgeTombstones(client, namespace, { now: Date.now() + 2 * week })).toBe(0);
    await search.settle();
    expect((await search.searchAccounts('back', { limit: 1 })).accountIds).toEqual([id(2)]);
  });

  it('writes refused because of load are retried, and then fail as unavailable', async () => {
    await ensureIndices(client, namespace);
    let refusals = 0;
    // A proxy before the server that refuses all documents, as often as requested.
    await using crowded = await interceptBulk((body) => {
      if (refusals-- <= 0) return undefined;
      const ids = body.split('\n').flatMap((line) => /"_id":"([0-9]+)"/.exec(line)?.[1] ?? []);
      return {
        took: 1,
        errors: true,
        items: ids.map((_id) => ({
          index: { _id, status: 429, error: { type: 'es_rejected_execution_exception' } },
        })),
      };
    });
    const { client: other } = crowded;
    const documents = [1, 2, 3].map((n) => ({ id: id(n), version: 1, document: { postId: id(n) } }));
    refusals = 3;
    await writeVersions(other, aliasOf(namespace, 'posts'), documents);
    await search.settle();
    expect(await indexedPosts(client, namespace, undefined, 10)).toHaveLength(3);
    refusals = 10;
    const error = await writeVersions(other, aliasOf(namespace, 'posts'), documents).catch(
      (reason) => reason,
    );
    expect(error).toBeInstanceOf(ElasticsearchBusy);
    expect(isElasticsearchUnavailable(error)).toBe(true);
  });

  it('a temporarily read-only index is waited for', async () => {
    await ensureIndices(client, namespace);
    const index = aliasOf(namespace, 'posts');
    const block = (write: boolean) => client.indices.putSettings({ index, settings: { blocks: { write } } });
    await block(true);
    const refused = await search.indexPosts([post(1)]).catch((reason) => reason);
    expect(isElasticsearchUnavailable(refused)).toBe(true);
    await block(false);
    await search.indexPosts([post(1)]);
  });

  it('a server that is down or hangs is unavailable', async () => {
    const closed = openElasticsearch('http://127.0.0.1:1');
    const refused = await new ElasticsearchSearchIndex(closed, namespace)
      .indexPosts([post(1)])
      .catch((e) => e);
    expect(isElasticsearchUnavailable(refused)).toBe(true);
    const silent = createServer(() => {}).listen(0, '127.0.0.1');
    const { port } = await new Promise<AddressInfo>((resolve) =>
      silent.once('listening', () => resolve(silent.address() as AddressInfo)),
    );
    const hanging = openElasticsearch(`http://127.0.0.1:${port}`);
    const started = performance.now();
    const late = await new ElasticsearchSearchIndex(hanging, namespace)
      .searchPosts(byWord, { limit: 1 })
      .catch((e) => e);
    expect(isElasticsearchUnavailable(late)).toBe(true);
    expect(performance.now() - started).toBeLessThan(3_000);
    silent.closeAllConnections();
    silent.close();
    await Promise.all([closed.close(), hanging.close()]);
  });
});

/** A client that reaches the server through a proxy that may answer bulk requests itself. */
async function interceptBulk(answer: (body: string) => object | undefined) {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const body = Buffer.concat(chunks).toString();
    const own = request.url?.includes('_bulk') ? answer(body) : undefined;
    const headers = {
      'content-type': `${request.headers['content-type']}`,
      accept: `${request.headers.accept}`,
    };
    const real =
      own === undefined
        ? await fetch(new URL(request.url ?? '', url), { method: 'PUT', headers, body })
        : undefined;
    response.writeHead(real?.status ?? 200, {
      'content-type': 'application/vnd.elasticsearch+json;compatible-with=9',
      'x-elastic-product': 'Elasticsearch',
    });
    response.end(own === undefined ? await real?.text() : JSON.stringify(own));
  }).listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  const through = openElasticsearch(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  return {
    client: through,
    async [Symbol.asyncDispose]() {
      await through.close();
      server.closeAllConnections();
      server.close();
    },
  };
}
