import type { DomainEvent } from '@twite/core/events/domain-event';
import { handleEveryJob } from '@twite/core/jobs/every-job';
import { type Job, jobClasses } from '@twite/core/jobs/job-catalogue';
import { observeNothing } from '@twite/core/measures/engine-observer';
import { currentTrace, newTraceparent, withTrace } from '@twite/core/trace';
import { Unavailable } from '@twite/core/unavailable';
import { describe, expect, it, onTestFinished } from 'vitest';
import { MongoScheduledJobs } from '../mongodb/scheduled-jobs.ts';
import { consumeDeliveries } from './deliveries.ts';
import { writeEvent } from './messages.ts';
import { canTest, type MessagingOptions, openMessaging, rabbitUrl } from './testing/open-messaging.ts';
import { openTcpProxy } from './testing/tcp-proxy.ts';
import { countReady, deleteTopology } from './topology.ts';

const eventOf = (postId: string): DomainEvent => ({ type: 'postCreated', postId, authorId: 'a' });
const postIdOf = (event: DomainEvent): string => ('postId' in event ? event.postId : '');
const isAnswering = async () => false;
const numbered = (count: number) => Array.from({ length: count }, (_, i) => String(i));

const postIdOfJob = (job: Job): string => ('postId' in job ? job.postId : '');

/** Works without a relay: messages are published directly to the exchange. */
async function openTest(options: MessagingOptions = {}) {
  const messaging = await openMessaging({ relays: false, ...options });
  onTestFinished(() => messaging[Symbol.asyncDispose]());
  const { broker } = messaging;
  const publish = (postIds: readonly string[], traceparent?: string) =>
    Promise.all(
      postIds.map((postId) =>
        broker.publisher.publish({
          exchange: broker.names.events,
          routingKey: 'postCreated',
          body: writeEvent({ event: eventOf(postId), at: 1, snapshot: false }),
          at: 1,
          traceparent,
        }),
      ),
    );
  return { ...messaging, publish };
}

/** A promise that resolves once an expected value arrives. */
function awaiting<T>(done: (value: T) => boolean) {
  const { promise, resolve } = Promise.withResolvers<void>();
  return { promise, came: (value: T) => void (done(value) && resolve()) };
}

describe.runIf(canTest)('deliveries (TWITE_TEST_RABBITMQ_URL, TWITE_TEST_MONGODB_URL)', () => {
  it('arrive in order and in batches, each once', async () => {
    const { broker, publish } = await openTest();
    const postIds = numbered(1_000);
    const batches: string[][] = [];
    const last = awaiting<string | undefined>((postId) => postId === '999');
    await publish(postIds);
    await broker.events.consume('fanOut', async (events) => {
      batches.push(events.map(postIdOf));
      last.came(batches.at(-1)?.at(-1));
    });
    await last.promise;
    expect(batches.flat()).toEqual(postIds);
    expect(batches.length).toBeLessThan(500);
    expect(Math.max(...batches.map((batch) => batch.length))).toBeLessThanOrEqual(100);
    expect(Math.max(...batches.map((batch) => batch.length))).toBeGreaterThan(1);
  });

  it('are batched for a while, except those that readers wait for', async () => {
    const { broker, publish } = await openTest();
    const batches = { fanOut: [] as string[][], searchIndex: [] as string[][] };
    for (const consumer of ['fanOut', 'searchIndex'] as const) {
      await broker.events.consume(consumer, async (events) => {
        batches[consumer].push(events.map(postIdOf));
      });
    }
    // Each arrives and is handled before the next is published.
    for (const postId of numbered(10)) {
      await publish([postId]);
      await expect.poll(() => batches.fanOut.flat().at(-1), { interval: 1 }).toBe(postId);
    }
    await expect.poll(() => batches.searchIndex.flat()).toEqual(numbered(10));
    expect(batches.fanOut).toHaveLength(10);
    expect(batches.searchIndex.length).toBeLessThan(10);
  });

  it('wait for an unavailable dependency, without losing an attempt', async () => {
    const { broker, publish, parked } = await openTest();
    const handled: string[] = [];
    let calls = 0;
    const last = awaiting<string>((postId) => postId === '2');
    await publish(numbered(3));
    await broker.events.consume('fanOut', async (events) => {
      calls += 1;
      if (calls <= 9) throw new Unavailable('redis');
      if (calls <= 13) throw new Error('and then it failed');
      handled.push(...events.map(postIdOf));
      last.came(handled.at(-1) ?? '');
    });
    await last.promise;
    expect(handled).toEqual(numbered(3));
    expect((await parked.count()).size).toBe(0);
  });

  it('that keep timing out while the dependency responds to pings are parked, and block no others', async () => {
    const { broker, publish, parked } = await openTest();
    const { rabbit, topology, progress } = broker;
    const handled: string[] = [];
    const last = awaiting<string>((postId) => postId === '2');
    const pinged: string[] = [];
    await publish(numbered(3));
    await using _consumer = await consumeDeliveries<DomainEvent>(
      {
        ...{ rabbit, topology, progress, parked, observe: observeNothing, log: () => {} },
        running: new Set(),
        slowMsMax: 0,
        // Unavailable at first: that time does not count.
        isAnswering: async (name) => pinged.push(name) > 2,
      },
      {
        queue: broker.names.queueOf('fanOut'),
        workQueue: 'fanOut',
        prefetch: 10,
        concurrency: 1,
        batchMax: 1,
        read: ({ body }) => ({ kind: 'message', message: body.event }),
        payloadOf: (event) => event,
        async handle([delivery]) {
          const postId = postIdOf(delivery?.message as DomainEvent);
          if (postId === '1') throw new Unavailable('mongodb', new Error('operation exceeded time limit'));
          handled.push(postId);
          last.came(postId);
        },
      },
    );
    await last.promise;
    expect(handled).toEqual(['0', '2']);
    expect(pinged).toEqual(['mongodb', 'mongodb', 'mongodb']);
    const found = await parked.find('fanOut', 'all', 10);
    expect(found).toMatchObject([
      {
        payload: { postId: '1' },
        error: expect.stringContaining('mongodb: Error: operation exceeded time limit'),
      },
    ]);
  });

  it('that cannot be read are parked and replayed unchanged', async () => {
    const { broker, publish, parked, told } = await openTest();
    const handled: string[] = [];
    const last = awaiting<string>((postId) => postId === '1');
    const body = '{"v":9,"event":"of tomorrow"}';
    const toFanOut = { exchange: '', routingKey: broker.names.queueOf('fanOut'), at: null };
    await publish(['0']);
    await broker.publisher.publish({ ...toFanOut, body: Buffer.from(body) });
    await broker.publisher.publish({ ...toFanOut, body: Buffer.from([0xff, 0x00]) });
    await publish(['1']);
    await broker.events.consume('fanOut', async (events) => {
      handled.push(...events.map(postIdOf));
      last.came(handled.at(-1) ?? '');
    });
    await last.promise;
    expect(handled).toEqual(['0', '1']);
    const [first, second, ...others] = await parked.find('fanOut', 'all', 10);
    expect(others).toEqual([]);
    expect(first).toMatchObject({ payload: { unreadable: body }, error: expect.stringContaining('9') });
    expect(second?.payload).toEqual({ unreadable: '\ufffd\u0000' });

    const again = told('message parked');
    expect(await broker.queues.replayParked('fanOut', [first?.messageId ?? ''])).toBe(1);
    expect(await again).not.toHaveProperty('payload');
  });

  it('of a newer release are parked by an older consumer, and handled by a newer one when they are replayed', async () => {
    const { broker, publish, parked, told } = await openTest();
    const toFanOut = { exchange: '', routingKey: broker.names.queueOf('fanOut'), at: null };
    const body = '{"v":2,"event":{"type":"postEdited","postId":"7"}}';
    const handled: string[] = [];
    const older = await broker.events.consume('fanOut', async (events) => {
      handled.push(...events.map(postIdOf));
    });
    const putAside = told('message parked');
    await broker.publisher.publish({ ...toFanOut, body: Buffer.from(body) });
    await publish(['1']);
    expect(await putAside).toMatchObject({ err: 'its event is not known: "postEdited"' });
    await expect.poll(() => handled).toEqual(['1']);
    await older[Symbol.asyncDispose]();

    const edited = Promise.withResolvers<unknown>();
    const { rabbit, topology, progress } = broker;
    const common = {
      rabbit,
      topology,
      progress,
      parked,
      observe: observeNothing,
      log: () => {},
      isAnswering,
    };
    await using _newer = await consumeDeliveries<unknown>(
      { ...common, running: new Set() },
      {
        queue: toFanOut.routingKey,
        workQueue: 'fanOut',
        prefetch: 1,
        concurrency: 1,
        batchMax: 1,
        read: (message) => ({ kind: 'message', message: message.body }),
        payloadOf: () => eventOf('7'),
        handle: async ([delivery]) => edited.resolve(delivery?.message),
      },
    );
    expect(await broker.queues.replayParked('fanOut', 'all')).toBe(1);
    expect(await edited.promise).toEqual(JSON.parse(body));
    expect(await parked.find('fanOut', 'all', 10)).toEqual([]);
  });

  it('are redelivered after a connection failure, and none is lost', async () => {
    await using proxy = await openTcpProxy(rabbitUrl);
    const { broker, publish, beside } = await openTest({ url: proxy.url });
    const postIds = numbered(300);
    const seen = new Set<string>();
    const all = awaiting<number>((size) => size === 300);
    const elsewhere = await beside({ url: rabbitUrl });
    await elsewhere.broker.topology.ensure();
    await publish(postIds);
    let cuts = 0;
    await broker.events.consume('fanOut', async (events) => {
      for (const postId of events.map(postIdOf)) {
        seen.add(postId);
      }
      if (cuts < 3 && seen.size > 60 * cuts) {
        cuts += 1;
        proxy.cut();
      }
      all.came(seen.size);
    });
    await all.promise;
    expect(cuts).toBe(3);
    expect(seen).toEqual(new Set(postIds));
    await expect
      .poll(() => countReady(elsewhere.broker.rabbit.consuming, broker.names.queueOf('fanOut')))
      .toBe(0);
    await elsewhere.close();
  });

  it('that are postponed stay in the queue until the postponement is durable', async () => {
    const { broker, publish, parked } = await openTest();
    const { rabbit, topology, progress } = broker;
    const postponed: unknown[] = [];
    const kept = Promise.withResolvers<void>();
    let handled = 0;
    let asked = 0;
    await using _consumer = await consumeDeliveries<unknown>(
      {
        rabbit,
        topology,
        progress,
        parked,
        observe: observeNothing,
        log: () => {},
        isAnswering,
        running: new Set(),
      },
      {
        queue: broker.names.queueOf('fanOut'),
        workQueue: 'fanOut',
        prefetch: 1,
        concurrency: 1,
        batchMax: 1,
        read: ({ body }) => ({ kind: 'message', message: body }),
        payloadOf: () => ({ unreadable: '' }),
        failuresBefore: () => 3,
        handle: async () => {
          handled += 1;
          throw new Error('not now');
        },
        postpone: async ({ message }, failures) => {
          asked += 1;
          if (asked < 4) throw new Unavailable('mongodb');
          postponed.push([message, failures]);
          kept.resolve();
          return true;
        },
      },
    );
    await publish(['0']);
    await kept.promise;
    await progress.idle();
    expect({ handled, asked }).toEqual({ handled: 1, asked: 4 });
    expect(postponed).toEqual([[expect.objectContaining({ event: eventOf('0') }), 4]]);
    expect((await parked.count()).size).toBe(0);
    await _consumer[Symbol.asyncDispose]();
    await expect.poll(() => countReady(rabbit.consuming, broker.names.queueOf('fanOut'))).toBe(0);
  });

  it('in progress when the process ended are redelivered to another one, alone and marked', async () => {
    const { broker, publish, beside } = await openTest();
    const started = Promise.withResolvers<void>();
    const release = Promise.withResolvers<void>();
    const handled: string[] = [];
    const postIds = numbered(5);
    await publish(postIds.slice(0, 1));
    const first = await broker.events.consume('fanOut', async (events) => {
      started.resolve();
      await release.promise;
      handled.push(...events.map(postIdOf));
    });
    await started.promise;
    await publish(postIds.slice(1));
    await expect.poll(() => broker.progress.underWay('fanOut')).toBe(5);
    const ended = first[Symbol.asyncDispose]();
    release.resolve();
    await ended;
    expect(handled).toEqual(['0']);
    expect(broker.progress.underWay('fanOut')).toBe(0);

    const other = await beside();
    const batches: string[][] = [];
    const last = awaiting<string | undefined>((postId) => postId === '4');
    await other.broker.events.consume('fanOut', async (events) => {
      batches.push(events.map(postIdOf));
      last.came(batches.at(-1)?.at(-1));
    });
    await last.promise;
    expect(batches).toEqual(postIds.slice(1).map((postId) => [postId]));
    await other.close();
  });

  it('are parked when the broker dead-letters them', async () => {
    const { broker, publish, parked, told } = await openTest();
    await broker.topology.ensure();
    const job: Job = { name: 'purgePost', postId: '7' };
    await publish(['poison']);
    await broker.jobs.enqueue([job]);
    for (const queue of ['fanOut', 'jobs.reconcile'].map(broker.names.queueOf)) {
      // Like a consumer that its message kills: 20 times, and once more.
      for (let deaths = 0; deaths <= 20; deaths++) {
        const channel = await broker.rabbit.consuming.acquire();
        const message = await channel.basicGet({ queue });
        expect(message).toBeDefined();
        channel.basicNack({ deliveryTag: message?.deliveryTag ?? 0, requeue: true });
        await channel.close();
      }
    }
    const draining = await broker.drainDeadLetters();
    await expect.poll(async () => [...(await parked.count()).values()]).toEqual([1, 1]);
    expect(await parked.find('jobs.reconcile', 'all', 10)).toMatchObject([
      { payload: job, error: expect.stringContaining('delivery_limit') },
    ]);
    expect(await parked.find('fanOut', 'all', 10)).toMatchObject([{ payload: eventOf('poison') }]);
    await draining[Symbol.asyncDispose]();
    expect(await countReady(broker.rabbit.consuming, broker.names.dead)).toBe(0);

    const done = told('message parked');
    await broker.jobs.consume(
      jobClasses,
      handleEveryJob(async () => {
        throw new Error('it still is');
      }),
    );
    expect(await broker.queues.replayParked('jobs.reconcile', 'all')).toBe(1);
    expect(await done).toMatchObject({ queue: 'jobs.reconcile', payload: job });
  });

  it('are logged in their trace when they fail, and a batch in its own trace', async () => {
    const { broker, publish, told, loggedIn } = await openTest();
    const trace = newTraceparent();
    const parked = told('message parked');
    await publish(['1'], trace);
    await broker.events.consume('fanOut', async () => {
      throw new Error('never handled');
    });
    await parked;
    expect(loggedIn.get('message parked')).toBe(trace);
    expect(loggedIn.get('message handling failed')).toBe(trace);
    const without = told('message parked');
    await publish(['2']);
    await without;
    expect(loggedIn.get('message parked')).toMatch(/^00-[0-9a-f]{32}-/);
    expect(loggedIn.get('message parked')).not.toBe(trace);
  });

  it('of one trace are handled in it', async () => {
    const { broker, publish } = await openTest();
    const trace = newTraceparent();
    const traces: (string | undefined)[] = [];
    const both = awaiting<number>((count) => count === 2);
    await broker.events.consume('fanOut', async () => {
      traces.push(currentTrace());
      await withTrace(currentTrace() ?? '', () =>
        broker.jobs.enqueue([{ name: 'purgePost', postId: 'of the event' }]),
      );
    });
    await broker.jobs.consume(
      jobClasses,
      handleEveryJob(async () => {
        traces.push(currentTrace());
        both.came(traces.length);
      }),
    );
    await publish(['traced'], trace);
    await both.promise;
    expect(traces).toEqual([trace, trace]);
  });

  it('are reported to the observer, with their age', async () => {
    const told: unknown[][] = [];
    const { broker, publish } = await openTest({
      observe: {
        ...observeNothing,
        delivered: (queue, seconds) => told.push(['delivered', queue, seconds > 0]),
        handled: (queue, ms, messages) => told.push(['handled', queue, ms >= 0, messages]),
        retried: (queue) => told.push(['retried', queue]),
        parked: (queue) => told.push(['parked', queue]),
      },
    });
    const second = awaiting<number>((count) => count === 2);
    let calls = 0;
    await publish(['0']);
    await broker.events.consume('upkeep', async () => {
      calls += 1;
      second.came(calls);
      if (calls === 1) throw new Error('once');
    });
    await second.promise;
    await expect
      .poll(() => told)
      .toEqual([
        ['delivered', 'upkeep', true],
        ['retried', 'upkeep'],
        ['handled', 'upkeep', true, 1],
      ]);
  });
});

describe.runIf(canTest)('jobs (TWITE_TEST_RABBITMQ_URL, TWITE_TEST_MONGODB_URL)', () => {
  it('run with limited concurrency', async () => {
    const { broker, settled } = await openTest();
    let underWay = 0;
    let most = 0;
    const full = awaiting<number>((count) => count === 8);
    const release = Promise.withResolvers<void>();
    await broker.jobs.enqueue(numbered(40).map((postId) => ({ name: 'purgePost', postId })));
    await broker.jobs.consume(
      jobClasses,
      handleEveryJob(async () => {
        underWay += 1;
        most = Math.max(most, underWay);
        full.came(underWay);
        await release.promise;
        underWay -= 1;
      }),
    );
    await full.promise;
    release.resolve();
    await settled();
    expect(most).toBe(8);
  });

  it('are shared by workers, and continue when one of them stops', async () => {
    const { broker, beside, settled } = await openTest();
    const other = await beside();
    const done: string[] = [];
    const counts = { here: 0, there: 0 };
    const worker = (where: 'here' | 'there') =>
      handleEveryJob(async (job) => {
        counts[where] += 1;
        done.push(postIdOfJob(job));
      });
    const here = await broker.jobs.consume(jobClasses, worker('here'));
    await other.broker.jobs.consume(jobClasses, worker('there'));
    const jobs = numbered(200).map((postId): Job => ({ name: 'purgePost', postId }));
    await broker.jobs.enqueue(jobs.slice(0, 100));
    await Promise.all([settled(), broker.jobs.enqueue(jobs.slice(100))]);
    await here[Symbol.asyncDispose]();
    await other.settled();
    expect(new Set(done)).toEqual(new Set(numbered(200)));
    expect(counts.here).toBeGreaterThan(0);
    expect(counts.there).toBeGreaterThan(0);
    await other.close();
  });

  it('wait for a dependency concurrently', async () => {
    const { broker, settled, parked } = await openTest();
    const done: string[] = [];
    let away = 0;
    await broker.jobs.consume(
      jobClasses,
      handleEveryJob(async (job) => {
        if (postIdOfJob(job) === '0' && ++away < 8) throw new Unavailable('neo4j');
        done.push(postIdOfJob(job));
      }),
    );
    await broker.jobs.enqueue(numbered(20).map((postId) => ({ name: 'purgePost', postId })));
    await settled();
    expect(done).toHaveLength(20);
    expect(done[0]).not.toBe('0');
    expect((await parked.count()).size).toBe(0);
  });

  it('of an older release are moved to the queue of their class, which older workers do not know', async () => {
    const { broker, settled } = await openTest();
    const { publisher, names, rabbit, topology } = broker;
    await topology.ensure();
    const job: Job = { name: 'purgePost', postId: '7' };
    // As sent by a release without classes.
    const body = Buffer.from(JSON.stringify({ v: 2, job }));
    const trace = newTraceparent();
    const send = { exchange: names.jobs, routingKey: 'job', body, at: 5, traceparent: trace };
    await publisher.publish(send);
    await broker.jobs.enqueue([job]);
    // Older workers consume from it.
    expect(await countReady(rabbit.consuming, names.jobs)).toBe(1);
    expect(await countReady(rabbit.consuming, names.queueOf('jobs.reconcile'))).toBe(1);
    const traces: (string | undefined)[] = [];
    const done: Job[] = [];
    await broker.jobs.consume(
      jobClasses,
      handleEveryJob(async (each) => {
        done.push(each);
        traces.push(currentTrace());
      }),
    );
    await settled();
    expect(done).toEqual([job, job]);
    expect(traces).toContain(trace);
    for (const queue of [names.jobs, names.queueOf('jobs.reconcile')])
      expect(await countReady(rabbit.consuming, queue)).toBe(0);
  });

  it('that have not started are not held by a busy process', async () => {
    const { broker, beside, settled } = await openTest();
    const release = Promise.withResolvers<void>();
    const busy = awaiting<number>((count) => count === 8);
    let underWay = 0;
    await broker.jobs.enqueue(numbered(8).map((postId) => ({ name: 'purgePost', postId })));
    const here = await broker.jobs.consume(
      ['reconcile'],
      handleEveryJob(async () => {
        underWay += 1;
        busy.came(underWay);
        await release.promise;
      }),
    );
    await busy.promise;
    await broker.jobs.enqueue([{ name: 'purgePost', postId: 'next' }]);
    const other = await beside();
    const taken = Promise.withResolvers<string>();
    await other.broker.jobs.consume(
      ['reconcile'],
      handleEveryJob(async (job) => taken.resolve(postIdOfJob(job))),
    );
    expect(await taken.promise).toBe('next');
    release.resolve();
    await settled();
    await here[Symbol.asyncDispose]();
    await other.close();
  });

  it('that are not due survive the broker, and are published once by the watching processes', async () => {
    const { broker, beside, mongo } = await openTest();
    const jobs = numbered(50).map((postId): Job => ({ name: 'purgePost', postId }));
    const runAt = Date.now() + 500;
    await broker.jobs.enqueue(jobs, { runAt });
    // As when the broker is replaced by an empty one.
    await deleteTopology(broker.rabbit.publishing, broker.names);
    broker.topology.doubt();
    const others = [await beside(), await beside()];
    const done: string[] = [];
    const all = awaiting<number>((count) => count === jobs.length);
    for (const each of [broker, ...others.map((other) => other.broker)]) {
      await each.jobs.consume(
        jobClasses,
        handleEveryJob(async (job) => {
          expect(Date.now()).toBeGreaterThanOrEqual(runAt);
          done.push(postIdOfJob(job));
          all.came(new Set(done).size);
        }),
      );
    }
    await all.promise;
    await expect.poll(() => mongo.databases.collections.scheduledJobs.countDocuments()).toBe(0);
    expect(done.toSorted()).toEqual(numbered(50).toSorted());
    for (const other of others) await other.close();
  });

  it('leased by a dead process are published by another one', async () => {
    const { broker, mongo, settled } = await openTest();
    const { collections } = mongo.databases;
    const job: Job = { name: 'purgePost', postId: '7' };
    await broker.jobs.enqueue([job], { runAt: Date.now() + 50 });
    const dead = new MongoScheduledJobs({ collections, wallNow: () => Date.now() + 1_000 });
    expect(await dead.lease(10)).toMatchObject([{ job }]);
    expect(await dead.lease(10)).toEqual([]);
    // Its lease has expired.
    await collections.scheduledJobs.updateMany({}, { $set: { leaseAt: Date.now() } });
    const done: Job[] = [];
    await broker.jobs.consume(
      jobClasses,
      handleEveryJob(async (each) => void done.push(each)),
    );
    await settled();
    expect(done).toEqual([job]);
  });
});
