import { setTimeout as wait } from 'node:timers/promises';
import { type Deps, defaultSettings, type Settings } from '@twite/core/engine';
import { createIdGenerator } from '@twite/core/ids/ids';
import { createPost } from '@twite/core/posts/create-post';
import { rebuildTimeline } from '@twite/core/timelines/rebuild-timeline';
import { type DistributedEngine, openDistributedEngine } from '@twite/engine-distributed';
import { hasServices, testNamespaces, testUrls } from '@twite/engine-distributed/testing';
import { afterAll, describe, expect, it, vi } from 'vitest';
import { ownConsumers } from '../main/run-worker.ts';
import { startWorkers } from '../start-workers.ts';
import { noMedia } from '../testing/no-media.ts';
import type { WorkerDeps } from '../worker-deps.ts';
import { standbyProcesses } from './test-process.ts';

const rounds = 200;
const fanCount = 20;
/** Far longer than a worker needs to reach a failpoint, unless it never does. */
const livesMs = 60_000;
const settings: Settings = { ...defaultSettings, fanOutChunkSize: 4, timelineLength: 40 };

/** How often the fan-out of one post passes each step: the event, five chunks and a last empty one. */
const passes = {
  'deliveries.beforeHandle': 6,
  'deliveries.afterHandle': 6,
  'deliveries.afterAck': 6,
  // The last chunk has no timelines; the author's goes with the first.
  'timelines.beforePush': 5,
  'timelines.afterPush': 5,
  'jobs.afterEnqueue': 5,
};
const failpoints = Object.entries(passes).flatMap(([name, count]) =>
  Array.from({ length: count }, (_, pass) => `${name}@${pass + 1}`),
);

/** Redis has a deadline of 150 ms, which it sometimes misses on a machine as busy as in this test: then retry. */
const onceRedisAnswers = <T>(ask: () => Promise<T>): Promise<T> =>
  vi.waitFor(ask, { timeout: 20_000, interval: 20 });

/** The expected timelines, computed the obvious way. */
class Windows {
  readonly #of = new Map<string, string[]>();

  constructor(readers: Iterable<string>) {
    for (const reader of readers) this.#of.set(reader, []);
  }

  push(postId: string, readers: Iterable<string>): void {
    for (const reader of readers) this.#of.get(reader)?.push(postId);
  }

  async areIn(timelines: Deps['timelines']): Promise<void> {
    for (const [reader, postIds] of this.#of) {
      const window = await onceRedisAnswers(() =>
        timelines.read(reader, { limit: 2 * settings.timelineLength }),
      );
      expect(window?.postIds).toEqual(postIds.toSorted().reverse().slice(0, settings.timelineLength));
    }
  }
}

describe.runIf(hasServices)('a worker that is killed inside a fan-out', () => {
  const namespaces = testNamespaces();
  afterAll(() => namespaces.erase(), 120_000);
  const clock = { now: () => Date.now() };
  const depsOf = (open: DistributedEngine): WorkerDeps & Pick<Deps, 'mediaUrl'> => ({
    ...open.engine,
    ...noMedia,
    clock,
    ids: createIdGenerator({ clock, machine: open.machine }),
    settings,
  });

  it(`leaves no gap and no duplicate, at any step (${rounds} rounds)`, async () => {
    const setup = { urls: testUrls(), namespace: namespaces.add(), settings };
    await using open = await openDistributedEngine({ ...setup, relay: true });
    const deps = depsOf(open);
    let joined = 0;
    const join = async () => {
      const accountId = deps.ids.next();
      const account = { accountId, handle: `p${joined++}`, displayName: 'Somebody' };
      await deps.accounts.insert({ ...account, passwordHash: 'unused', createdAt: clock.now() });
      return accountId;
    };
    const [ann, bob] = [await join(), await join()];
    const fans: string[] = [];
    for (let index = 0; index < fanCount; index++) fans.push(await join());
    const followersOf = new Map([
      [ann, fans],
      [bob, fans.slice(0, 7)],
    ]);
    for (const [followeeId, followerIds] of followersOf) {
      for (const followerId of followerIds) {
        await deps.follows.follow({ followId: deps.ids.next(), followerId, followeeId });
      }
    }
    {
      // Follows make timelines cold, so no follows once they are warm.
      await using others = await openDistributedEngine({ ...setup, consumers: ownConsumers });
      await using _work = await startWorkers({ ...depsOf(others), ...others.uncached });
      await others.settled();
    }
    const readers = [ann, bob, ...fans];
    for (const reader of readers) await onceRedisAnswers(() => rebuildTimeline(deps, reader));
    const windows = new Windows(readers);
    const post = async (authorId: string) => {
      const { postId } = await createPost(deps, {
        postId: deps.ids.next(),
        authorId,
        text: 'Hello',
        visibility: 'public',
        mediaIds: [],
      });
      windows.push(postId, [authorId, ...(followersOf.get(authorId) ?? [])]);
    };

    await using standby = standbyProcesses(setup, 2);
    let worker = await standby.next();
    await worker.tell({ do: 'consume', names: ['fanOut', 'jobs'] });
    await worker.tell({ do: 'settle' });
    for (let round = 0; round < rounds; round++) {
      const failpoint = failpoints[round % failpoints.length] as string;
      await worker.tell({ do: 'arm', failpoint });
      const rebuilt = fans[round % fanCount] as string;
      if (round % 3 === 0) await onceRedisAnswers(() => deps.timelines.drop([rebuilt]));
      await Promise.all([
        post(ann),
        ...(round % 4 === 0 ? [post(bob), post(ann)] : []),
        ...(round % 3 === 0 ? [onceRedisAnswers(() => rebuildTimeline(deps, rebuilt))] : []),
      ]);
      const exited = await Promise.race([worker.exited, wait(livesMs, 'did not get there', { ref: false })]);
      expect([failpoint, exited]).toEqual([failpoint, 'SIGKILL']);
      worker = await standby.next();
      await worker.tell({ do: 'consume', names: ['fanOut', 'jobs'] });
      await worker.tell({ do: 'settle' });
      await windows.areIn(deps.timelines);
    }
    await worker[Symbol.asyncDispose]();

    // All other consumers find the same rounds in their queues, and the broker has no dead letters.
    await using others = await openDistributedEngine({ ...setup, consumers: ownConsumers });
    await using _work = await startWorkers({ ...depsOf(others), ...others.uncached });
    await others.settled();
    // A killed worker's messages count as in progress until its last report expires.
    const left = async () => {
      const queues = await others.engine.queues.list();
      return queues.filter(({ waiting, parked }) => waiting + parked > 0);
    };
    await expect.poll(left, { interval: 100 }).toEqual([]);
    await windows.areIn(deps.timelines);
  }, 1_200_000);
});
