import { openSociety } from '@twite/conformance/scenarios';
import type { Deps } from '@twite/core/engine';
import { searchPosts } from '@twite/core/search/search-posts';
import { openDistributedEngine } from '@twite/engine-distributed';
import { hasServices, openRawQueues, testNamespaces, testUrls } from '@twite/engine-distributed/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { ownConsumers } from '../main/run-worker.ts';
import { startWorkers } from '../start-workers.ts';

/** Workers that cannot index a certain text or push to a certain account, until they are repaired. */
function clumsy(poison: { text?: string; accountId?: string }) {
  return (deps: Deps): Promise<AsyncDisposable> => {
    const { search, timelines } = deps;
    const indexPosts: typeof search.indexPosts = async (posts) => {
      if (posts.some(({ text }) => text === poison.text)) throw new Error('this text cannot be indexed');
      await search.indexPosts(posts);
    };
    const push: typeof timelines.push = async (postId, accountIds) => {
      if (accountIds.some((accountId) => accountId === poison.accountId)) {
        throw new Error('this account cannot be pushed to');
      }
      return timelines.push(postId, accountIds);
    };
    return startWorkers({
      ...deps,
      search: over(search, { indexPosts }),
      timelines: over(timelines, { push }),
    });
  };
}

const over = <T extends object>(port: T, methods: Partial<T>): T =>
  new Proxy(port, {
    get: (target, name) => {
      const value: unknown = Reflect.get(name in methods ? methods : target, name);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

describe.runIf(hasServices)('a poison message', () => {
  const namespaces = testNamespaces();
  afterAll(() => namespaces.erase(), 120_000);

  it('is parked with its error while the others continue, and handled when it is replayed after a fix', async () => {
    const poison: { text?: string; accountId?: string } = { text: 'poison' };
    const namespace = namespaces.add();
    await using society = await openSociety(
      {
        name: 'workers',
        open: ({ settings }) =>
          openDistributedEngine({
            urls: testUrls(),
            namespace,
            settings,
            relay: true,
            consumers: ownConsumers,
          }),
      },
      clumsy(poison),
      { fanOutChunkSize: 2 },
    );
    const { deps } = society;
    await using raw = await openRawQueues(namespace);
    const ann = await society.join('ann');
    const fans = [];
    for (let index = 0; index < 6; index++) fans.push(await society.join(`fan${index}`));
    for (const fan of fans) await fan.follow(ann);
    await society.settled();
    for (const fan of fans) expect(await fan.home()).toEqual([]);
    // The second chunk, and with it all later ones.
    poison.accountId = fans[2]?.accountId;

    await raw.put('searchIndex', Buffer.from('{"v":2,"event":{"type":"sunRisen"}}'));
    await raw.put('jobs', Buffer.from('{"v":7}'));
    await raw.put('jobs', Buffer.from('no JSON'));
    const texts = ['before', 'poison', 'after'];
    const posts = [];
    for (const text of texts) posts.push(await ann.post(text));
    const bob = await society.join('bob');
    await ann.follow(bob);
    const beside = await bob.post('beside');
    await society.settled();

    const find = async (text: string) => {
      const { items } = await searchPosts(deps, ann.accountId, text, { limit: 10 });
      return items.map((post) => post.text);
    };
    for (const text of ['before', 'after', 'beside']) expect(await find(text)).toEqual([text]);
    expect(await find('poison')).toEqual([]);
    expect(await ann.home()).toContain(beside.postId);
    const windowOf = async (accountId: string) =>
      (await deps.timelines.read(accountId, { limit: 10 }))?.postIds;
    const all = posts.map(({ postId }) => postId).reverse();
    expect(await windowOf(fans[1]?.accountId ?? '')).toEqual(all);

    const parked = async (queue: string) =>
      ((await deps.queues.listParked(queue, { limit: 100 })) ?? []).map(({ payload, error }) => [
        payload,
        error.split('\n')[0],
      ]);
    const nonsense = [
      { unreadable: '{"v":2,"event":{"type":"sunRisen"}}' },
      'its event is not known: "sunRisen"',
    ];
    const event = { type: 'postCreated', postId: posts[1]?.postId, authorId: ann.accountId, media: 'none' };
    expect(await parked('searchIndex')).toEqual([nonsense, [event, 'Error: this text cannot be indexed']]);
    const unreadable = [
      [{ unreadable: '{"v":7}' }, 'its version is not known: 7'],
      [{ unreadable: 'no JSON' }, 'it is no JSON object'],
    ];
    const sorted = (list: readonly unknown[]) => list.map((each) => JSON.stringify(each)).sort();
    expect(sorted(await parked('jobs'))).toEqual(sorted(unreadable));
    const fanOuts = await parked('jobs.fanOut');
    expect(fanOuts).toHaveLength(all.length);
    for (const postId of all) {
      expect(fanOuts).toContainEqual([
        expect.objectContaining({ name: 'fanOutPost', postId }),
        'Error: this account cannot be pushed to',
      ]);
    }
    const counts = Object.fromEntries((await deps.queues.list()).map((queue) => [queue.queue, queue.parked]));
    expect(counts).toEqual({
      fanOut: 0,
      searchIndex: 2,
      upkeep: 0,
      counts: 0,
      graph: 0,
      relay: 0,
      'jobs.fanOut': 3,
      'jobs.reconcile': 0,
      'jobs.media': 0,
      jobs: 2,
    });

    delete poison.text;
    delete poison.accountId;
    expect(await deps.queues.replayParked('searchIndex', 'all')).toBe(2);
    expect(await deps.queues.replayParked('jobs', 'all')).toBe(2);
    expect(await deps.queues.replayParked('jobs.fanOut', 'all')).toBe(3);
    await society.settled();
    expect(await find('poison')).toEqual(['poison']);
    for (const { accountId } of fans) expect(await windowOf(accountId)).toEqual(all);
    // Unreadable messages are parked again.
    expect(await parked('searchIndex')).toEqual([nonsense]);
    expect(await deps.queues.dropParked('searchIndex', 'all')).toBe(1);
    expect(await deps.queues.dropParked('jobs', 'all')).toBe(2);
    expect(await parked('jobs')).toEqual([]);
  });
});
