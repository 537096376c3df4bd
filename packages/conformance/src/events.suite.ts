import type { DomainEvent, EventOf } from '@twite/core/events/domain-event';
import { eventTypes, isEventFor } from '@twite/core/events/event-catalogue';
import { type ConsumerName, consumerNames } from '@twite/core/events/event-stream';
import { expect } from 'vitest';
import { causeEveryEvent, distinct } from './every-event.ts';
import { newMedia, snapshotFor } from './media-fixtures.ts';
import type { Suite } from './suite.ts';
import { aPost, atOnce, newAccount, newPost, newReply, untilDone, type World } from './world.ts';

/** A consumer that records what it receives. */
async function listen(world: World, consumer: ConsumerName) {
  const events: DomainEvent[] = [];
  const subscription = await world.engine.events.consume(consumer, async (batch) => {
    expect(batch.length).toBeGreaterThan(0);
    events.push(...batch);
  });
  return { events, stop: () => subscription[Symbol.asyncDispose]() };
}

const eventsFor = (consumer: ConsumerName, events: readonly DomainEvent[]) =>
  events.filter(({ type }) => isEventFor(consumer, type));

const postIdsOf = (events: readonly DomainEvent[]) =>
  events
    .filter((event): event is EventOf<'postCreated'> => event.type === 'postCreated')
    .map((event) => event.postId);

async function postsBy(world: World, authorId: string, count: number): Promise<string[]> {
  const postIds: string[] = [];
  for (let i = 0; i < count; i++) postIds.push(await newPost(world, authorId));
  return postIds;
}

export const eventsSuite: Suite = ({ factAlone, factOverReopen }) => {
  factAlone('every consumer gets its events, in order, and no others', {}, async (world) => {
    const listeners = await Promise.all(
      consumerNames.map(async (consumer) => ({ consumer, ...(await listen(world, consumer)) })),
    );
    const expected = await causeEveryEvent(world);
    expect(new Set(expected.map((event) => event.type))).toEqual(new Set(eventTypes));
    await world.settled();
    for (const { consumer, events, stop } of listeners) {
      expect(distinct(events)).toEqual(eventsFor(consumer, expected));
      await stop();
    }
  });

  factAlone('an event says that a post or reply has no media', {}, async (world) => {
    const { events, stop } = await listen(world, 'upkeep');
    const authorId = await newAccount(world);
    const media = [await snapshotFor(world, await newMedia(world, authorId))];
    const [bare, pictured] = [await newPost(world, authorId), await newPost(world, authorId, { media })];
    const replies = [
      await newReply(world, bare, authorId),
      await newReply(world, bare, authorId, { media }),
    ] as const;
    await world.settled();
    expect(distinct(events)).toEqual(
      expect.arrayContaining([
        { type: 'postCreated', postId: bare, authorId, media: 'none' },
        { type: 'postCreated', postId: pictured, authorId },
        { type: 'replyCreated', replyId: replies[0], postId: bare, authorId, media: 'none' },
        { type: 'replyCreated', replyId: replies[1], postId: bare, authorId },
      ]),
    );
    await stop();
  });

  factAlone('a consumer that starts late gets earlier events', {}, async (world) => {
    const early = await listen(world, 'searchIndex');
    const all = await causeEveryEvent(world);
    await world.settled();
    const late = await listen(world, 'upkeep');
    const expected = eventsFor('upkeep', all);
    const postId = await newPost(world, await newAccount(world));
    await world.settled();
    expect(distinct(late.events).slice(0, expected.length)).toEqual(expected);
    expect(postIdsOf(late.events)).toContain(postId);
    expect(postIdsOf(early.events)).toContain(postId);
    await Promise.all([early.stop(), late.stop()]);
  });

  factAlone('a consumer that restarts gets the events it missed', {}, async (world) => {
    const authorId = await newAccount(world);
    const first = await listen(world, 'fanOut');
    const seen = await postsBy(world, authorId, 3);
    await world.settled();
    await first.stop();
    const missed = await postsBy(world, authorId, 3);
    await world.settled();
    expect(postIdsOf(distinct(first.events))).toEqual(seen);
    const second = await listen(world, 'fanOut');
    await world.settled();
    expect(postIdsOf(distinct(second.events)).slice(-3)).toEqual(missed);
    await second.stop();
  });

  factAlone('events of one subject arrive in order, even with concurrent changes', {}, async (world) => {
    const { posts } = world.engine;
    const { events, stop } = await listen(world, 'upkeep');
    const authorId = await newAccount(world);
    const postIds = await atOnce(100, async () => {
      const postId = await newPost(world, authorId);
      await posts.delete(postId);
      return postId;
    });
    await world.settled();
    const types = new Map<string, string[]>();
    for (const event of distinct(events)) {
      if ('postId' in event) types.set(event.postId, [...(types.get(event.postId) ?? []), event.type]);
    }
    expect(types.size).toBe(100);
    for (const postId of postIds) expect(types.get(postId)).toEqual(['postCreated', 'postDeleted']);
    await stop();
  });

  factAlone('repeating a change without effect loses no events', {}, async (world) => {
    const { events, stop } = await listen(world, 'fanOut');
    const post = aPost(world, await newAccount(world));
    const results = await atOnce(10, () => world.engine.posts.insert(post));
    expect(results.filter((result) => result === 'inserted')).toHaveLength(1);
    await world.settled();
    expect(postIdsOf(distinct(events))).toEqual([post.postId]);
    await stop();
  });

  factAlone('settled waits for a running handler', {}, async (world) => {
    let finished = 0;
    const authorId = await newAccount(world);
    const subscription = await world.engine.events.consume('fanOut', async (batch) => {
      await world.engine.accounts.findMany([authorId]);
      await Promise.resolve();
      finished += batch.length;
    });
    await postsBy(world, authorId, 20);
    await world.settled();
    expect(finished).toBeGreaterThanOrEqual(20);
    await subscription[Symbol.asyncDispose]();
  });

  factAlone('a failed batch is delivered again, event by event', {}, async (world) => {
    const authorId = await newAccount(world);
    await postsBy(world, authorId, 10);
    const batches: (readonly DomainEvent[])[] = [];
    const subscription = await world.engine.events.consume('fanOut', async (batch) => {
      batches.push(batch);
      if (batches.length === 1) throw new Error('once');
    });
    await world.settled();
    const [failed = [], ...rest] = batches;
    const again = rest.slice(0, failed.length);
    expect(again.every((batch) => batch.length === 1)).toBe(true);
    expect(again.flat()).toEqual(failed);
    expect(distinct(rest.flat())).toHaveLength(10);
    await subscription[Symbol.asyncDispose]();
  });

  factAlone(
    'an event that fails five times is parked, and the others continue in order',
    {},
    async (world) => {
      const authorId = await newAccount(world);
      const postIds = await postsBy(world, authorId, 8);
      const poison = postIds[3] ?? '';
      let failures = 0;
      const handled: DomainEvent[] = [];
      const calm = await listen(world, 'searchIndex');
      const subscription = await world.engine.events.consume('fanOut', async (batch) => {
        if (postIdsOf(batch).includes(poison)) {
          failures++;
          throw new Error('this event is poison');
        }
        handled.push(...batch);
      });
      await world.settled();
      // The batch that contained it may or may not count as one of the five.
      expect([5, 6]).toContain(failures);
      expect(postIdsOf(distinct(handled))).toEqual(postIds.filter((postId) => postId !== poison));
      expect(postIdsOf(distinct(calm.events))).toEqual(postIds);

      const later = await newPost(world, authorId);
      await world.settled();
      expect(postIdsOf(handled)).toContain(later);
      expect(failures).toBeLessThanOrEqual(6);
      await Promise.all([subscription[Symbol.asyncDispose](), calm.stop()]);
    },
  );

  factAlone('a consumer that fails occasionally misses nothing and keeps the order', {}, async (world) => {
    const authorId = await newAccount(world);
    const handled: DomainEvent[] = [];
    let calls = 0;
    const subscription = await world.engine.events.consume('upkeep', async (batch) => {
      if (++calls % 3 === 0) throw new Error('now and then');
      handled.push(...batch);
    });
    const postIds = await postsBy(world, authorId, 40);
    await world.settled();
    expect(postIdsOf(distinct(handled))).toEqual(postIds);
    await subscription[Symbol.asyncDispose]();
  });

  factAlone('disposing waits for the running batch', {}, async (world) => {
    const started = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    let finished = false;
    const subscription = await world.engine.events.consume('fanOut', async () => {
      started.resolve();
      await release.promise;
      finished = true;
    });
    await newPost(world, await newAccount(world));
    await started.promise;
    const disposed = subscription[Symbol.asyncDispose]().then(() => finished);
    release.resolve();
    expect(await disposed).toBe(true);
  });

  factAlone('a handler can change the subjects of its events', {}, async (world) => {
    const authorId = await newAccount(world);
    const subscription = await world.engine.events.consume('upkeep', async (batch) => {
      for (const event of batch) {
        if (event.type === 'postCreated') await world.engine.posts.delete(event.postId);
        if (event.type === 'postDeleted') {
          await untilDone((limit) => world.engine.replies.purgeByPost(event.postId, limit), 10);
        }
      }
    });
    const postIds = await atOnce(20, () => newPost(world, authorId));
    await world.settled();
    expect((await world.engine.posts.findMany(postIds)).size).toBe(0);
    await subscription[Symbol.asyncDispose]();
  });

  factOverReopen('events and the positions of consumers survive the process', async (world, reopen) => {
    const authorId = await newAccount(world);
    const fanOut = await listen(world, 'fanOut');
    const seen = await postsBy(world, authorId, 3);
    await world.settled();
    await fanOut.stop();
    const missed = await postsBy(world, authorId, 3);

    const after = await reopen();
    const fanOutAgain = await listen(after, 'fanOut');
    const searchIndex = await listen(after, 'searchIndex');
    const fresh = await postsBy(after, authorId, 2);
    await after.settled();
    expect(postIdsOf(distinct(fanOut.events))).toEqual(seen);
    expect(postIdsOf(distinct(fanOutAgain.events)).slice(-5)).toEqual([...missed, ...fresh]);
    expect(postIdsOf(distinct(searchIndex.events))).toEqual([...seen, ...missed, ...fresh]);
    await Promise.all([fanOutAgain.stop(), searchIndex.stop()]);
  });
};
