import type { Deps } from '@twite/core/engine';
import { defaultSettings } from '@twite/core/engine';
import { createIdGenerator } from '@twite/core/ids/ids';
import { getHomeTimeline } from '@twite/core/timelines/get-home-timeline';
import { createTimelineRebuilds } from '@twite/core/timelines/timeline-rebuilds';
import type { DistributedEngine } from '@twite/engine-distributed';
import { createTestEngines, hasServices, openRawServices } from '@twite/engine-distributed/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorkers } from './start-workers.ts';
import { noMedia } from './testing/no-media.ts';
import type { WorkerDeps } from './worker-deps.ts';

const entities = { mentions: [], hashtags: [], urls: [] };
describe.runIf(hasServices)('derived data, on the real servers', () => {
  const engines = createTestEngines();
  const resources = new AsyncDisposableStack();
  let open: DistributedEngine;
  let deps: WorkerDeps & Pick<Deps, 'mediaUrl' | 'timelineRebuilds'>;
  let raw: ReturnType<typeof openRawServices>;
  const people: string[] = [];
  const posts: string[] = [];

  beforeAll(async () => {
    const clock = { now: () => Date.now() };
    open = resources.use(await engines.open({ clock, settings: defaultSettings }));
    const ids = createIdGenerator({ clock, machine: open.machine });
    deps = {
      ...open.engine,
      ...noMedia,
      clock,
      ids,
      settings: defaultSettings,
      timelineRebuilds: createTimelineRebuilds(),
    };
    resources.use(await startWorkers({ ...deps, ...open.uncached }));
    raw = resources.use(openRawServices(engines.namespaceOf(open)));
    for (let index = 0; index < 6; index++) {
      const accountId = ids.next();
      const handle = `person${index}`;
      const account = { accountId, handle, displayName: handle, passwordHash: '', createdAt: clock.now() };
      await deps.accounts.insert(account);
      people.push(accountId);
    }
    for (const followerId of people) {
      for (const followeeId of people) {
        if (followerId !== followeeId)
          await deps.follows.follow({ followId: ids.next(), followerId, followeeId });
      }
      await getHomeTimeline(deps, followerId, { limit: 1 });
    }
    await open.settled();
    for (const authorId of people) {
      await getHomeTimeline(deps, authorId, { limit: 1 });
      const postId = ids.next();
      const createdAt = clock.now();
      await deps.posts.insert({
        postId,
        authorId,
        text: 'Said',
        entities,
        visibility: 'public',
        media: [],
        createdAt,
      });
      posts.push(postId);
    }
    const [first = '', gone = ''] = posts;
    await deps.likes.add({ likeId: ids.next(), accountId: people[1] ?? '', kind: 'post', subjectId: first });
    await deps.posts.delete(gone);
    await deps.follows.unfollow(people[0] ?? '', people[5] ?? '');
    await deps.accounts.setSuspension(people[4] ?? '', { at: clock.now(), reason: null });
    await open.settled();
  });
  afterAll(() => resources.disposeAsync());
  afterAll(() => engines.erase(), 60_000);

  /** The ids that differ, by their kind. */
  const differing = async (): Promise<Readonly<Record<string, readonly string[]>>> => {
    const report = await open.derived.verify();
    // There are no replies and media here.
    for (const { what, compared } of report.filter((row) => !/reply|^media/.test(row.what))) {
      expect(compared, what).toBeGreaterThan(0);
    }
    return Object.fromEntries(
      report.filter(({ differences }) => differences > 0).map(({ what, examples }) => [what, examples]),
    );
  };

  test('equals its source', async () => {
    expect(await differing()).toEqual({});
  });

  test('reports a missing and a deleted post in the index; a rebuild fixes both', async () => {
    const [lost = '', gone = ''] = posts;
    await raw.indexDelete('posts', lost);
    await raw.indexPost(gone, people[1] ?? '');
    const found = (await differing())['search: posts'] ?? [];
    expect(found.toSorted()).toEqual([lost, gone].toSorted());
    const done = await open.derived.rebuildSearch(() => {});
    expect(done).toEqual({ posts: posts.length, accounts: people.length });
    expect(await differing()).toEqual({});
  });

  test('a worker rebuilds an index of an older release', async () => {
    const [lost = ''] = people;
    await raw.indexDelete('accounts', lost);
    await raw.indexForgetAnalysis();
    await expect.poll(differing).toEqual({});
  });

  test('reports a missing account in the index', async () => {
    const [lost = ''] = people;
    await raw.indexDelete('accounts', lost);
    expect(await differing()).toEqual({ 'search: accounts': [lost] });
    await open.derived.rebuildSearch(() => {});
    expect(await differing()).toEqual({});
  });

  test('reports a missing and an additional follow in the graph; a rebuild fixes both', async () => {
    const [one = '', two = '', , , , last = ''] = people;
    await raw.cypher(
      'MATCH (:TwiteAccount {space: $space, accountId: $one})-[f:FOLLOWS]->(:TwiteAccount {space: $space, accountId: $two}) DELETE f',
      { one, two },
    );
    await raw.cypher(
      'MATCH (:TwiteAccount {space: $space, accountId: $one})-[f:FOLLOWS]->(:TwiteAccount {space: $space, accountId: $last}) SET f.active = true',
      { one, last },
    );
    const found = (await differing())['graph: accounts and follows'] ?? [];
    expect(found.toSorted()).toEqual([`${one}:${two}`, `${one}:${last}`].toSorted());
    await open.derived.rebuildGraph(() => {});
    expect(await differing()).toEqual({});
  });

  test('reports wrongly counted records', async () => {
    const [, , , , suspended = '', other = ''] = people;
    const follow = `${suspended}:${other}`;
    const { follows } = raw.collections;
    await follows.updateOne({ _id: follow }, { $set: { counted: true } });
    expect(await differing()).toMatchObject({ 'counts: whether each follow does': [follow] });
    await follows.updateOne({ _id: follow }, { $set: { counted: false } });
    expect(await differing()).toEqual({});
  });

  test('reports a wrong count and a gap in a timeline', async () => {
    // The first one unfollowed someone, which made their timeline cold.
    const [, reader = ''] = people;
    const [first = ''] = posts;
    await raw.collections.posts.updateOne({ _id: first }, { $set: { likeCount: 7 } });
    await raw.timelineRemove(reader, posts[2] ?? '');
    expect(await differing()).toEqual({
      'counts: of each post': [first],
      'timelines: windows that are ready': [reader],
    });
    await deps.timelines.drop([reader]);
    await raw.collections.posts.updateOne({ _id: first }, { $set: { likeCount: 1 } });
    expect(await differing()).toEqual({});
  });
});
