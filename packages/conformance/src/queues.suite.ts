import type { DomainEvent } from '@twite/core/events/domain-event';
import { type ConsumerName, consumerNames } from '@twite/core/events/event-stream';
import { jobClasses, jobQueueNames } from '@twite/core/jobs/job-catalogue';
import type { ParkedMessage } from '@twite/core/queues/work-queues';
import { expect } from 'vitest';
import type { Suite } from './suite.ts';
import { newPost, present, type World } from './world.ts';

/** Messages with a name in this set cannot be handled until it is removed. */
type Poison = Set<string>;

/** A consumer that records the posts of the events that it receives, and fails for the poison. */
async function consume(world: World, consumer: ConsumerName, poison: Poison = new Set()) {
  const handled: string[] = [];
  const subscription = await world.engine.events.consume(consumer, async (batch) => {
    const postIds = batch.map(postIdOf);
    const bad = postIds.find((postId) => poison.has(postId));
    if (bad !== undefined) throw new Error(`${bad} is poison`);
    handled.push(...postIds);
  });
  return { handled, stop: () => subscription[Symbol.asyncDispose]() };
}

const postIdOf = (event: DomainEvent): string => ('postId' in event ? event.postId : event.type);

/** Works on jobs, and fails for the poison. */
async function work(world: World, poison: Poison) {
  const done: string[] = [];
  const handle = async (name: string) => {
    if (poison.has(name)) throw new Error(`${name} is poison`);
    done.push(name);
  };
  const subscription = await world.engine.jobs.consume(['reconcile'], {
    rebuildTimeline: async () => {},
    settleAccount: ({ accountId }) => handle(accountId),
    purgePost: ({ postId }) => handle(postId),
  });
  return { done, stop: () => subscription[Symbol.asyncDispose]() };
}

const parkedOf = async (world: World, queue: string): Promise<readonly ParkedMessage[]> =>
  present(await world.engine.queues.listParked(queue, { limit: 100 }), queue);

const stateOf = async (world: World, queue: string) =>
  present(
    (await world.engine.queues.list()).find((state) => state.queue === queue),
    queue,
  );

const timesOf = (handled: readonly string[], postId: string): number =>
  handled.filter((each) => each === postId).length;

/** Publishes a post by somebody: an event that every consumer handles. */
const somePost = (world: World, postId = world.id()): Promise<string> => newPost(world, authorId, { postId });

const authorId = '1000000000000000001';
const createdEvent = (postId: string): DomainEvent => ({
  type: 'postCreated',
  postId,
  authorId,
  media: 'none',
});

/** Parks the creation of `count` posts for `fanOut`, in order, and returns their ids. */
async function parkPosts(world: World, count: number, poison: Poison): Promise<string[]> {
  const postIds: string[] = [];
  for (let i = 0; i < count; i++) {
    const postId = world.id();
    poison.add(postId);
    postIds.push(await somePost(world, postId));
  }
  await world.settled();
  return postIds;
}

export const queuesSuite: Suite = ({ factAlone, factOverReopen }) => {
  factAlone(
    'every consumer is listed, and the classes of jobs after them; nothing waits in a new engine',
    {},
    async (world) => {
      await world.settled();
      const states = await world.engine.queues.list();
      const names = states.map(({ queue }) => queue);
      expect(names).toEqual(expect.arrayContaining([...consumerNames]));
      expect(names.filter((name) => name.startsWith('jobs.'))).toEqual(jobQueueNames);
      expect(names.indexOf('jobs.fanOut')).toBeGreaterThan(names.indexOf(consumerNames.at(-1) ?? ''));
      for (const jobClass of jobClasses) expect(await stateOf(world, `jobs.${jobClass}`)).toBeDefined();
      expect(new Set(names).size).toBe(names.length);
      for (const { parked } of states) expect(parked).toBe(0);
      expect(await stateOf(world, 'jobs.reconcile')).toEqual({
        queue: 'jobs.reconcile',
        workers: 0,
        waiting: 0,
        inFlight: 0,
        oldestMs: null,
        parked: 0,
      });
    },
  );

  factAlone(
    'messages that a worker holds are in flight, and the oldest of them determines the age',
    {},
    async (world) => {
      const begun = Promise.withResolvers<void>();
      const mayEnd = Promise.withResolvers<void>();
      const subscription = await world.engine.events.consume('fanOut', async () => {
        begun.resolve();
        await mayEnd.promise;
      });
      const since = Date.now();
      await somePost(world);
      await begun.promise;
      const busy = async () => {
        const { waiting, inFlight, oldestMs } = await stateOf(world, 'fanOut');
        expect(inFlight).toBeGreaterThanOrEqual(1);
        expect(waiting).toBeGreaterThanOrEqual(inFlight);
        expect(oldestMs).toBeLessThanOrEqual(Date.now() - since + 1_000);
        return oldestMs ?? -1;
      };
      const age = await busy();
      expect(age).toBeGreaterThanOrEqual(0);
      await expect.poll(busy).toBeGreaterThan(age);
      mayEnd.resolve();
      await world.settled();
      expect(await stateOf(world, 'fanOut')).toMatchObject({ waiting: 0, inFlight: 0, oldestMs: null });
      await subscription[Symbol.asyncDispose]();
    },
  );

  factAlone('the age of a job counts from its due time', {}, async (world) => {
    const runAt = Date.now() + 500;
    await world.engine.jobs.enqueue([{ name: 'settleAccount', accountId: world.id() }], { runAt });
    await expect.poll(async () => (await stateOf(world, 'jobs.reconcile')).waiting).toBe(1);
    const { oldestMs, inFlight } = await stateOf(world, 'jobs.reconcile');
    expect(inFlight).toBe(0);
    expect(oldestMs).toBeGreaterThanOrEqual(0);
    expect(oldestMs).toBeLessThanOrEqual(Date.now() - runAt);
    const worker = await work(world, new Set());
    await world.settled();
    expect(await stateOf(world, 'jobs.reconcile')).toMatchObject({ waiting: 0, oldestMs: null });
    await worker.stop();
  });

  factAlone('waiting messages are counted until they are handled', {}, async (world) => {
    const { stop } = await consume(world, 'fanOut');
    for (let i = 0; i < 3; i++) await somePost(world);
    await world.engine.jobs.enqueue([
      { name: 'settleAccount', accountId: world.id() },
      { name: 'purgePost', postId: world.id() },
    ]);
    await world.settled();
    expect(await stateOf(world, 'fanOut')).toMatchObject({ waiting: 0, oldestMs: null });
    for (const [queue, least] of [
      ['upkeep', 3],
      ['jobs.reconcile', 2],
    ] as const) {
      const { waiting, oldestMs } = await stateOf(world, queue);
      expect(waiting).toBeGreaterThanOrEqual(least);
      if (oldestMs !== null) expect(oldestMs).toBeGreaterThanOrEqual(0);
    }
    const late = await consume(world, 'upkeep');
    const worker = await work(world, new Set());
    await world.settled();
    for (const queue of ['upkeep', 'jobs.reconcile']) {
      expect(await stateOf(world, queue)).toMatchObject({ waiting: 0, oldestMs: null });
    }
    await Promise.all([stop(), late.stop(), worker.stop()]);
  });

  factAlone(
    'a parked event is listed for its consumer alone, with what it was and what failed',
    {},
    async (world) => {
      const poison: Poison = new Set();
      const running = [await consume(world, 'fanOut', poison), await consume(world, 'searchIndex')];
      const [postId = ''] = await parkPosts(world, 1, poison);
      expect(await parkedOf(world, 'fanOut')).toEqual([
        {
          messageId: expect.stringMatching(/^[A-Za-z0-9_-]{1,64}$/),
          queue: 'fanOut',
          payload: createdEvent(postId),
          error: expect.stringContaining(`${postId} is poison`),
          parkedAt: expect.any(Number),
        },
      ]);
      expect(await parkedOf(world, 'searchIndex')).toEqual([]);
      expect(await stateOf(world, 'fanOut')).toMatchObject({ waiting: 0, parked: 1 });
      expect(await stateOf(world, 'searchIndex')).toMatchObject({ waiting: 0, parked: 0 });
      for (const { stop } of running) await stop();
    },
  );

  factAlone('a replayed event is handled again only by its consumer', {}, async (world) => {
    const poison: Poison = new Set();
    const fanOut = await consume(world, 'fanOut', poison);
    const others = [await consume(world, 'searchIndex'), await consume(world, 'upkeep')];
    const [postId = ''] = await parkPosts(world, 1, poison);
    const before = others.map(({ handled }) => timesOf(handled, postId));
    poison.clear();
    expect(await world.engine.queues.replayParked('fanOut', 'all')).toBe(1);
    await world.settled();
    expect(timesOf(fanOut.handled, postId)).toBe(1);
    expect(others.map(({ handled }) => timesOf(handled, postId))).toEqual(before);
    expect(await parkedOf(world, 'fanOut')).toEqual([]);
    for (const { queue, waiting, parked } of await world.engine.queues.list()) {
      if ((consumerNames as readonly string[]).includes(queue))
        expect([queue, waiting, parked]).toEqual([queue, 0, 0]);
    }
    for (const { stop } of [fanOut, ...others]) await stop();
  });

  factAlone(
    'messages that fail again after a replay are parked again, and the others continue',
    {},
    async (world) => {
      const poison: Poison = new Set();
      const { handled, stop } = await consume(world, 'fanOut', poison);
      const [postId = '', good = ''] = await parkPosts(world, 2, poison);
      poison.delete(good);
      expect(await world.engine.queues.replayParked('fanOut', 'all')).toBe(2);
      const later = await somePost(world);
      await world.settled();
      expect(handled).toContain(good);
      expect(handled).toContain(later);
      expect((await parkedOf(world, 'fanOut')).map(({ payload }) => payload)).toEqual([createdEvent(postId)]);
      await stop();
    },
  );

  factAlone('a dropped event is permanently deleted', {}, async (world) => {
    const poison: Poison = new Set();
    const { handled, stop } = await consume(world, 'fanOut', poison);
    await parkPosts(world, 2, poison);
    poison.clear();
    expect(await world.engine.queues.dropParked('fanOut', 'all')).toBe(2);
    expect(await parkedOf(world, 'fanOut')).toEqual([]);
    expect(await world.engine.queues.replayParked('fanOut', 'all')).toBe(0);
    await world.settled();
    expect(handled).toEqual([]);
    await stop();
  });

  factAlone('parked jobs are listed, replayed and dropped too', {}, async (world) => {
    const { queues, jobs } = world.engine;
    const names = [world.id(), world.id(), world.id()] as const;
    const poison: Poison = new Set(names);
    const { done, stop } = await work(world, poison);
    for (const accountId of names) {
      await jobs.enqueue([{ name: 'settleAccount', accountId }]);
      await world.settled();
    }
    const parked = await parkedOf(world, 'jobs.reconcile');
    expect(parked).toEqual(
      names.map((accountId) => ({
        messageId: expect.any(String),
        queue: 'jobs.reconcile',
        payload: { name: 'settleAccount', accountId },
        error: expect.stringContaining(`${accountId} is poison`),
        parkedAt: expect.any(Number),
      })),
    );
    expect(await stateOf(world, 'jobs.reconcile')).toMatchObject({ waiting: 0, oldestMs: null, parked: 3 });
    const [first, second] = parked.map(({ messageId }) => messageId);
    poison.clear();
    expect(await queues.dropParked('jobs.reconcile', [first ?? ''])).toBe(1);
    expect(await queues.replayParked('jobs.reconcile', [second ?? ''])).toBe(1);
    await world.settled();
    expect(done).toEqual([names[1]]);
    expect((await parkedOf(world, 'jobs.reconcile')).map(({ payload }) => payload)).toEqual([
      { name: 'settleAccount', accountId: names[2] },
    ]);
    expect(await queues.replayParked('jobs.reconcile', 'all')).toBe(1);
    await world.settled();
    expect(done).toEqual([names[1], names[2]]);
    await stop();
  });

  factAlone('parked messages are paged by their ids, oldest first, and chosen by them', {}, async (world) => {
    const { queues } = world.engine;
    const poison: Poison = new Set();
    const { handled, stop } = await consume(world, 'fanOut', poison);
    const postIds = await parkPosts(world, 7, poison);
    const all = await parkedOf(world, 'fanOut');
    expect(all.map(({ payload }) => payload)).toEqual(postIds.map(createdEvent));
    const ids = all.map(({ messageId }) => messageId);
    expect(ids).toEqual(ids.toSorted());
    for (const [at, after] of ids.entries()) {
      const page = present(await queues.listParked('fanOut', { after, limit: 2 }), 'fanOut');
      expect(page.map(({ messageId }) => messageId)).toEqual(ids.slice(at + 1, at + 3));
    }
    const [a = '', b = '', c = ''] = ids;
    poison.clear();
    // Duplicate ids count once; unknown ids count nothing.
    expect(await queues.dropParked('fanOut', [a, a, 'nothing'])).toBe(1);
    expect(await queues.replayParked('fanOut', [c, b, a])).toBe(2);
    expect(await queues.replayParked('fanOut', ['nothing'])).toBe(0);
    expect(await queues.replayParked('fanOut', [])).toBe(0);
    await world.settled();
    expect(handled.toSorted()).toEqual([postIds[1], postIds[2]]);
    expect((await parkedOf(world, 'fanOut')).map(({ messageId }) => messageId)).toEqual(ids.slice(3));
    await stop();
  });

  factAlone('messages parked in one queue cannot be reached through another', {}, async (world) => {
    const { queues } = world.engine;
    const poison: Poison = new Set();
    const { stop } = await consume(world, 'fanOut', poison);
    await parkPosts(world, 1, poison);
    const [{ messageId } = { messageId: '' }] = await parkedOf(world, 'fanOut');
    for (const queue of ['upkeep', 'jobs.reconcile']) {
      for (const which of [[messageId], 'all'] as const) {
        expect(await queues.replayParked(queue, which)).toBe(0);
        expect(await queues.dropParked(queue, which)).toBe(0);
      }
    }
    expect(await parkedOf(world, 'fanOut')).toHaveLength(1);
    await stop();
  });

  factAlone('an unknown queue is empty', {}, async ({ engine: { queues } }) => {
    for (const queue of ['nothing', 'Jobs', 'jobs.', 'jobs.nothing', '', '__proto__']) {
      expect(await queues.listParked(queue, { limit: 10 })).toBeUndefined();
      expect(await queues.replayParked(queue, 'all')).toBe(0);
      expect(await queues.dropParked(queue, 'all')).toBe(0);
    }
  });

  factOverReopen('parked messages and replays survive the process', async (world, reopen) => {
    const poison: Poison = new Set();
    const fanOut = await consume(world, 'fanOut', poison);
    const [stays = '', replayed = ''] = await parkPosts(world, 2, poison);
    const [, second] = await parkedOf(world, 'fanOut');
    await fanOut.stop();
    expect(await world.engine.queues.replayParked('fanOut', [second?.messageId ?? ''])).toBe(1);

    const after = await reopen();
    expect((await parkedOf(after, 'fanOut')).map(({ payload }) => payload)).toEqual([createdEvent(stays)]);
    const again = await consume(after, 'fanOut');
    const other = await consume(after, 'upkeep');
    await after.settled();
    expect(timesOf(again.handled, replayed)).toBe(1);
    expect(again.handled).not.toContain(stays);
    expect(timesOf(other.handled, replayed)).toBe(1);
    await Promise.all([again.stop(), other.stop()]);
  });
};
