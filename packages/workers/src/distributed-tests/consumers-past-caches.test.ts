import { type Deps, defaultSettings } from '@twite/core/engine';
import { createIdGenerator } from '@twite/core/ids/ids';
import { type DistributedEngine, openDistributedEngine, ownConsumers } from '@twite/engine-distributed';
import { hasServices, testNamespaces, testUrls } from '@twite/engine-distributed/testing';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startWorkers } from '../start-workers.ts';
import { noMedia } from '../testing/no-media.ts';

const entities = { mentions: [], hashtags: [], urls: [] };

describe.runIf(hasServices)('a worker that receives an event before the invalidation', () => {
  const namespaces = testNamespaces();
  const resources = new AsyncDisposableStack();
  const clock = { now: () => Date.now() };
  /** Writes and relays, but cannot invalidate other processes' caches: its Redis address leads nowhere. */
  let server: DistributedEngine;
  let worker: DistributedEngine;
  let ids: Deps['ids'];

  beforeAll(async () => {
    const shared = { namespace: namespaces.add(), settings: defaultSettings };
    const nowhere = 'redis://127.0.0.1:1';
    server = resources.use(
      await openDistributedEngine({
        ...shared,
        urls: { ...testUrls(), redis: nowhere, redisLimits: nowhere },
        relay: true,
      }),
    );
    worker = resources.use(
      await openDistributedEngine({ ...shared, urls: testUrls(), consumers: ownConsumers }),
    );
    ids = createIdGenerator({ clock, machine: server.machine });
    resources.use(
      await startWorkers({ ...worker.uncached, ...noMedia, clock, ids, settings: defaultSettings }),
    );
  });
  afterAll(() => resources.disposeAsync());
  afterAll(() => namespaces.erase(), 60_000);

  async function join(handle: string): Promise<string> {
    const accountId = ids.next();
    const account = { accountId, handle, displayName: handle, passwordHash: '', createdAt: clock.now() };
    await server.engine.accounts.insert(account);
    return accountId;
  }
  async function post(authorId: string): Promise<string> {
    const postId = ids.next();
    await server.engine.posts.insert({
      postId,
      authorId,
      text: 'Said',
      entities,
      visibility: 'public',
      media: [],
      createdAt: clock.now(),
    });
    return postId;
  }
  /** The ids that differ from their source. */
  const differing = async () => {
    const report = await worker.derived.verify();
    return report.filter(({ differences }) => differences > 0);
  };

  test('indexes the stored state, and not a cached one', async () => {
    const [ann, bob] = [await join('ann'), await join('bob')];
    const [kept, gone] = [await post(ann), await post(ann)];
    await worker.settled();
    expect((await worker.engine.posts.findMany([kept, gone])).size).toBe(2);
    expect((await worker.engine.accounts.findMany([ann, bob])).size).toBe(2);
    await server.engine.posts.delete(gone);
    await server.engine.accounts.update(bob, { displayName: 'Robert' });
    await worker.settled();
    expect(await differing()).toEqual([]);
  });

  test('settles an account by its current status', async () => {
    const [cat, dan] = [await join('cat'), await join('dan')];
    const liked = await post(cat);
    await server.engine.likes.add({ likeId: ids.next(), accountId: dan, kind: 'post', subjectId: liked });
    await worker.settled();
    await worker.engine.accounts.findMany([dan]);
    await server.engine.accounts.setSuspension(dan, { at: clock.now(), reason: null });
    await worker.settled();
    const stored = (await server.engine.posts.findMany([liked])).get(liked);
    expect(stored?.likeCount).toBe(0);
  });

  test('ends the follows under a block that it has not cached', async () => {
    const [eve, fay] = [await join('eve'), await join('fay')];
    await server.engine.follows.follow({ followId: ids.next(), followerId: eve, followeeId: fay });
    await worker.settled();
    await worker.engine.blocks.hiddenFrom(fay);
    // As by a server that dies before it ends the follows itself.
    await server.engine.blocks.add(ids.next(), fay, eve);
    await worker.settled();
    expect((await server.engine.follows.followeesAmong(eve, [fay])).size).toBe(0);
  });
});
