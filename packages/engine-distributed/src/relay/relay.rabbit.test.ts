import type { DomainEvent } from '@twite/core/events/domain-event';
import { observeNothing } from '@twite/core/measures/engine-observer';
import { newTraceparent, withTrace } from '@twite/core/trace';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Deployment, openDatabases } from '../mongodb/databases.ts';
import type { AccountDoc } from '../mongodb/documents.ts';
import { leaseTimes } from '../mongodb/epoch-lease.ts';
import { MongoPostStore } from '../mongodb/post-store.ts';
import { mongoUrl } from '../mongodb/testing/open-mongo.ts';
import { openRabbit } from '../rabbitmq/connection.ts';
import type { EventEnvelope } from '../rabbitmq/event-stream.ts';
import {
  canTest,
  type MessagingOptions,
  type MongoParts,
  openMessaging,
  openMessagingOn,
  rabbitUrl,
  type TestMessaging,
} from '../rabbitmq/testing/open-messaging.ts';
import { openTcpProxy } from '../rabbitmq/testing/tcp-proxy.ts';
import { deleteTopology, isKnown, markKnown } from '../rabbitmq/topology.ts';
import { relayIdOf } from './change-stream.ts';
import { raiseRelay } from './leader-lease.ts';
import { readRelayStatus } from './relay-status.ts';
import { canStartMongo, openMongoAt, startForgetfulMongo } from './testing/own-mongo.ts';
import { spawnRelay } from './testing/spawn-relay.ts';

const short = { leaseMs: 400, renewMs: 100 };

async function openTest(options: MessagingOptions = {}) {
  const messaging = await openMessaging({ times: short, ...options });
  onTestFinished(() => messaging[Symbol.asyncDispose]());
  return messaging;
}

const blockOf = (n: number | string): DomainEvent => ({
  type: 'accountBlocked',
  accountId: String(n),
  targetId: 't',
});

/** The smallest possible change. */
async function block({ mongo }: TestMessaging<MongoParts>, n: number | string): Promise<void> {
  await mongo.databases.collections.blocks.insertOne({
    _id: `${n}:t`,
    edgeId: String(n),
    accountId: String(n),
    targetId: 't',
  });
}

async function blockMany(messaging: TestMessaging<MongoParts>, from: number, to: number): Promise<void> {
  for (let n = from; n < to; n++) await block(messaging, n);
}

const blocks = (from: number, to: number) => Array.from({ length: to - from }, (_, i) => blockOf(from + i));

/** Collects everything that reaches `upkeep`. */
async function listen({ broker }: TestMessaging<MongoParts>) {
  const envelopes: EventEnvelope[] = [];
  await broker.events.consumeEnvelopes('upkeep', async (batch) => {
    envelopes.push(...batch);
  });
  const events = () => envelopes.map(({ event }) => event);
  /** Each event once, in the order of first arrival. */
  const distinct = () => [...new Map(events().map((event) => [JSON.stringify(event), event])).values()];
  return { envelopes, events, distinct };
}

const relayOf = async ({ mongo }: TestMessaging<MongoParts>) =>
  mongo.databases.collections.relays.findOne({ _id: 'posts+replies+social+identity' });

describe.runIf(canTest)('the change relay (TWITE_TEST_RABBITMQ_URL, TWITE_TEST_MONGODB_URL)', () => {
  it('relays changes in order, each once, with their traces, and tells the caches', async () => {
    const messaging = await openTest({ times: leaseTimes });
    const { envelopes, events } = await listen(messaging);
    const posts = new MongoPostStore(messaging.mongo.context);
    const trace = newTraceparent();
    await blockMany(messaging, 0, 300);
    await withTrace(trace, () =>
      posts.insert({
        postId: '1000000000000000001',
        authorId: '7',
        text: 'Hello',
        entities: { mentions: [], hashtags: [], urls: [] },
        visibility: 'public',
        media: [],
        createdAt: 1,
      }),
    );
    await messaging.settled();
    const postCreated = {
      type: 'postCreated',
      postId: '1000000000000000001',
      authorId: '7',
      media: 'none',
    };
    expect(events()).toEqual([...blocks(0, 300), postCreated]);
    expect(envelopes.at(-1)).toMatchObject({ traceparent: trace, snapshot: false });
    expect(Math.abs(Date.now() - (envelopes.at(-1)?.at ?? 0))).toBeLessThan(10_000);
    expect(messaging.invalidations).toContainEqual(['hiddenFrom', '299']);
    expect(messaging.invalidations).toContainEqual(['newestPosts', '7']);
  });

  it('begins with how all stands, when there was something before it', async () => {
    const before = await openTest({ relays: false });
    await blockMany(before, 0, 30);
    await before.mongo.databases.collections.follows.insertMany([
      { _id: 'a:b', followId: '1', followerId: 'a', followeeId: 'b', active: true, counted: true, rev: 1 },
      { _id: 'a:c', followId: '2', followerId: 'a', followeeId: 'c', active: false, counted: false, rev: 2 },
    ]);
    const messaging = await before.beside({ relays: true });
    const { envelopes, distinct } = await listen(messaging);
    await blockMany(messaging, 30, 40);
    await messaging.settled();
    const [followed, unfollowed, ...blocked] = distinct();
    expect(followed).toEqual({ type: 'accountFollowed', followerId: 'a', followeeId: 'b' });
    expect(unfollowed).toEqual({ type: 'accountUnfollowed', followerId: 'a', followeeId: 'c' });
    expect(blocked.sort(order)).toEqual(blocks(0, 40).sort(order));
    expect(envelopes[0]).toMatchObject({ snapshot: true, at: null });
    expect(envelopes.at(-1)?.snapshot).toBe(false);
    await messaging.close();
  });

  it('relays an update that MongoDB tells of as a replacement', async () => {
    const messaging = await openTest();
    const { accounts } = messaging.mongo.databases.collections;
    const { events } = await listen(messaging);
    const account = { handle: 'ann', rev: 1 } as AccountDoc;
    await accounts.insertOne({ ...account, _id: '1' });
    await accounts.replaceOne({ _id: '1' }, { ...account, rev: 2, change: 'accountUpdated 2' });
    await messaging.settled();
    expect(events()).toEqual([{ type: 'accountUpdated', accountId: '1' }]);
  });

  it('a snapshot that is broken off goes on where it was, here and in the next process', async () => {
    const before = await openTest({ relays: false });
    const { envelopes, distinct } = await listen(before);
    const count = 5_000;
    await before.mongo.databases.collections.blocks.insertMany(
      Array.from({ length: count }, (_, n) => ({
        _id: `${n}:t`,
        edgeId: `${n}`,
        accountId: `${n}`,
        targetId: 't',
      })),
    );
    await using proxy = await openTcpProxy(rabbitUrl);
    const first = await before.beside({ relays: true, waits: false, url: proxy.url, times: short });
    await expect.poll(() => envelopes.length, { interval: 1, timeout: 10_000 }).toBeGreaterThan(1_000);
    proxy.cut();
    await expect.poll(() => envelopes.length, { interval: 1, timeout: 10_000 }).toBeGreaterThan(2_500);
    proxy.break();
    await first.close();
    const second = await before.beside({ relays: true, times: short });
    await before.settled();
    expect(distinct()).toHaveLength(count);
    // Only the messages in flight at each of the two cuts come again.
    expect(envelopes.filter(({ snapshot }) => snapshot).length).toBeLessThan(count + 2_000);
    await second.close();
  });

  it('of two deployments, the one whose snapshot is through does not speak for the other', async () => {
    const messaging = await openTest({ relays: false });
    const { publishing } = messaging.broker.rabbit;
    const { names } = messaging.broker;
    await messaging.broker.topology.ensure();
    await markKnown(publishing, names, 'social');
    expect(await isKnown(publishing, names, 'social')).toBe(true);
    expect(await isKnown(publishing, names, 'posts')).toBe(false);
  });

  it('goes on where the last one ended, without beginning anew', async () => {
    const first = await openTest();
    await blockMany(first, 0, 5);
    const { events } = await listen(first);
    await first.settled();
    expect(events()).toEqual(blocks(0, 5));
    await first.close();
    await blockMany(first, 5, 10);
    const second = await first.reopen();
    const after = await listen(second);
    await second.settled();
    expect(after.events()).toEqual(blocks(5, 10));
    expect(after.envelopes.some(({ snapshot }) => snapshot)).toBe(false);
    await second.close();
  });

  for (const failpoint of [
    'relay.afterPublish',
    'relay.afterPublish@3',
    'relay.afterSave',
    'relay.afterSave@2',
  ]) {
    it(`loses nothing when it is killed at ${failpoint}`, async () => {
      const messaging = await openTest({ relays: false });
      const { distinct } = await listen(messaging);
      await using victim = await spawnRelay({
        mongoUrl,
        rabbitUrl,
        namespace: messaging.mongo.namespace,
        ...short,
        failpoint,
      });
      let written = 0;
      const killed = victim.ended.then((signal) => ({ signal }));
      while (victim.child.signalCode === null) {
        await block(messaging, written);
        written += 1;
      }
      expect((await killed).signal).toBe('SIGKILL');
      const follower = await messaging.beside({ relays: true, times: short });
      await blockMany(messaging, written, written + 20);
      await messaging.settled();
      expect(distinct().sort(order)).toEqual(blocks(0, written + 20).sort(order));
      await follower.close();
    });
  }

  it('has one leader; another takes over within 10 s when it is killed', async () => {
    const standby = await openTest({ relays: false });
    const { distinct } = await listen(standby);
    const leader = await spawnRelay({
      mongoUrl,
      rabbitUrl,
      namespace: standby.mongo.namespace,
      ...leaseTimes,
    });
    const other = await standby.beside({ relays: true, times: leaseTimes, processId: 'the other' });
    expect(other.relay?.leads()).toEqual([]);
    expect((await readRelayStatus(standby.mongo.databases)).leader).toBe(`process ${leader.child.pid}`);
    await blockMany(standby, 0, 10);
    await standby.settled();
    const takenOver = other.told('relay gained leadership');
    const killedMs = performance.now();
    await leader.kill();
    await blockMany(standby, 10, 20);
    await takenOver;
    expect(performance.now() - killedMs).toBeLessThan(10_000);
    await standby.settled();
    expect(distinct()).toEqual(blocks(0, 20));
    const status = await readRelayStatus(standby.mongo.databases);
    expect(status.leader).toBe('the other');
    await other.close();
  });

  it('hands over at once when it ends', async () => {
    const messaging = await openTest({ processId: 'first' });
    const other = await messaging.beside({ times: short, processId: 'second' });
    expect(messaging.relay?.leads()).toHaveLength(1);
    expect(other.relay?.leads()).toHaveLength(0);
    const taken = other.told('relay gained leadership');
    await messaging.close();
    await taken;
    expect(await relayOf(other)).toMatchObject({ holder: 'second', epoch: 2 });
    await other.close();
  });

  it('goes on after MongoDB and the broker were cut off, and loses nothing', async () => {
    await using rabbitProxy = await openTcpProxy(rabbitUrl);
    await using mongoProxy = await openTcpProxy(mongoUrl);
    await using writer = await openMessagingOn(openMongoAt(mongoUrl), { relays: false });
    const { databases: ours, namespace } = writer.mongo;
    const url = mongoProxy.url;
    await using databases = openDatabases(
      { posts: url, replies: url, social: url, identity: url },
      namespace,
    );
    expect(databases.nameOf('posts')).toBe(ours.nameOf('posts'));
    const cut = await openMessagingOn(
      { databases, namespace, [Symbol.asyncDispose]: async () => {} },
      { url: rabbitProxy.url, times: short },
    );
    const { distinct } = await listen(cut);
    for (let round = 0; round < 6; round++) {
      await blockMany(writer, 40 * round, 40 * round + 20);
      if (round % 3 !== 0) rabbitProxy.cut();
      if (round % 3 !== 1) mongoProxy.cut();
      await blockMany(writer, 40 * round + 20, 40 * round + 40);
    }
    await cut.broker.settled(ours.deployments);
    // A new channel may receive later messages before those lost with the last channel come back.
    expect(distinct().sort(order)).toEqual(blocks(0, 240).sort(order));
    await cut.close();
  });

  it('fills a new broker from a snapshot', async () => {
    const messaging = await openTest();
    await blockMany(messaging, 0, 5);
    await messaging.settled();
    await messaging.close();
    await using rabbit = openRabbit({ url: rabbitUrl, log: () => {} });
    await deleteTopology(rabbit.publishing, messaging.broker.names);
    const again = await messaging.reopen();
    const { envelopes, distinct } = await listen(again);
    await again.settled();
    expect(distinct()).toEqual(blocks(0, 5));
    expect(envelopes.every(({ snapshot }) => snapshot)).toBe(true);
    await again.close();
  });

  for (const [what, token] of [
    ['is none (260)', { _data: 'nonsense' }],
    ['is not there any more (280)', { _data: '82000000010000000101' }],
  ] as const) {
    it(`begins anew by itself when its place ${what}`, async () => {
      const messaging = await openTest();
      await blockMany(messaging, 0, 5);
      await messaging.settled();
      await messaging.close();
      await messaging.mongo.databases.collections.relays.updateMany({}, { $set: { resumeToken: token } });
      await blockMany(messaging, 5, 10);
      const again = await messaging.reopen();
      const { envelopes, distinct } = await listen(again);
      await blockMany(again, 10, 15);
      await again.settled();
      expect(distinct().sort(order)).toEqual(blocks(0, 15).sort(order));
      expect(envelopes.some(({ snapshot }) => snapshot)).toBe(true);
      expect(again.logged).toContainEqual(expect.objectContaining({ msg: 'relay history lost' }));
      await again.close();
    });
  }

  it.runIf(canStartMongo)(
    'begins anew by itself when the history is lost (286)',
    { timeout: 60_000 },
    async () => {
      await using own = await startForgetfulMongo(100);
      await using first = await openMessagingOn(openMongoAt(own.url), { times: short });
      await blockMany(first, 0, 5);
      await first.settled();
      await first.close();
      await blockMany(first, 5, 305);
      const again = await first.reopen();
      const { distinct } = await listen(again);
      await blockMany(again, 305, 310);
      await again.settled();
      expect(distinct().sort(order)).toEqual(blocks(0, 310).sort(order));
      const missed = again.logged.find(({ msg }) => msg === 'relay history lost');
      expect(missed?.err).toMatchObject({ code: 286 });
      await again.close();
    },
  );

  it('parks what it cannot read, goes on, and publishes it once it can be read', async () => {
    const parkedOf: string[] = [];
    const messaging = await openTest({
      times: leaseTimes,
      observe: { ...observeNothing, parked: (queue) => parkedOf.push(queue) },
    });
    const { distinct } = await listen(messaging);
    const { databases } = messaging.mongo;
    const { queues } = messaging.broker;
    // As if written by a newer server.
    const likes = databases.db('posts').collection<{ _id: string; kind: string }>('likes');
    await block(messaging, 0);
    await likes.insertOne({ _id: 'a:quote:1', kind: 'quote' });
    // As if written by hand.
    await databases.db('social').collection('blocks').insertOne({ odd: true });
    const posts = databases
      .db('posts')
      .collection<{ _id: string; authorId?: string; change?: string }>('posts');
    await posts.insertOne({ _id: '1' });
    await posts.updateOne({ _id: '1' }, { $set: { change: 'postEdited 2' } });
    await block(messaging, 1);
    await messaging.settled();
    expect(distinct()).toEqual(blocks(0, 2));
    const parked = (await queues.listParked('relay', { limit: 10 })) ?? [];
    expect(parked.map(({ error }) => error).sort()).toEqual([
      'its _id is not an id: object',
      'its _id is not of the form {accountId}:post:{postId} or {accountId}:reply:{replyId}: "a:quote:1"',
      'its authorId is not an id: undefined',
      'its change is not known: "postEdited 2"',
    ]);
    expect(parkedOf).toEqual(['relay', 'relay', 'relay', 'relay']);
    expect(messaging.logged.filter(({ level }) => level === 'error')).toHaveLength(4);
    expect((await queues.list()).find(({ queue }) => queue === 'relay')).toEqual({
      queue: 'relay',
      workers: 1,
      waiting: 0,
      inFlight: 0,
      oldestMs: null,
      parked: 4,
    });

    // Both changes of the post: its current state, whatever the changes said.
    await posts.updateOne({ _id: '1' }, { $set: { authorId: '7' } });
    expect(await queues.replayParked('relay', 'all')).toBe(2);
    await messaging.settled();
    expect(distinct()).toEqual([...blocks(0, 2), { type: 'postCreated', postId: '1', authorId: '7' }]);
    // No events remain for a document that is gone; an unreadable deletion stays too.
    const quote = (await queues.listParked('relay', { limit: 10 }))?.find(({ error }) =>
      error.includes('quote'),
    );
    await likes.deleteOne({ _id: 'a:quote:1' });
    await messaging.settled();
    expect(await queues.replayParked('relay', [quote?.messageId ?? ''])).toBe(1);
    expect(await queues.replayParked('relay', 'all')).toBe(0);
    expect(distinct()).toHaveLength(3);
    expect(await queues.dropParked('relay', 'all')).toBe(2);
    expect(await queues.listParked('relay', { limit: 10 })).toEqual([]);
  });

  it('parks a change once, however often it is relayed', async () => {
    const first = await openTest();
    await first.settled();
    const before = await relayOf(first);
    await first.close();
    await first.mongo.databases
      .db('posts')
      .collection<{ _id: string }>('likes')
      .insertOne({ _id: 'a:quote:1' });
    for (let round = 0; round < 2; round++) {
      await first.mongo.databases.collections.relays.updateMany(
        {},
        { $set: { resumeToken: before?.resumeToken } },
      );
      const again = await first.reopen();
      await listen(again);
      await again.settled();
      expect(await again.broker.queues.listParked('relay', { limit: 10 })).toHaveLength(1);
      await again.close();
    }
  });

  it('parks what a snapshot cannot read', async () => {
    const before = await openTest({ relays: false });
    await blockMany(before, 0, 3);
    await before.mongo.databases
      .db('posts')
      .collection<{ _id: string }>('likes')
      .insertOne({ _id: 'a:quote:1' });
    const messaging = await before.beside({ relays: true });
    const { distinct } = await listen(messaging);
    await messaging.settled();
    expect(distinct().sort(order)).toEqual(blocks(0, 3));
    expect(await messaging.broker.queues.listParked('relay', { limit: 10 })).toHaveLength(1);
    await messaging.close();
  });

  it('hands over to a newer release, and stands by for as long as the data is of that', async () => {
    const old = await openTest({ processId: 'old', schemaVersion: 7 });
    await blockMany(old, 0, 5);
    await old.settled();
    const outdated = old.told('relay older than the data');
    const [deployment] = old.mongo.databases.deployments;
    const { relays } = old.mongo.databases.collections;
    // As a newer server does before it serves; no newer relay exists yet.
    await raiseRelay(relays, relayIdOf(deployment as Deployment), 8);
    await blockMany(old, 5, 10);
    await outdated;
    expect(old.relay?.leads()).toEqual([]);
    expect(old.relay?.standings()).toEqual([
      {
        relay: 'posts+replies+social+identity',
        state: 'outdated',
        reason: 'this relay knows schema version 7, the data is of version 8: upgrade the relay',
      },
    ]);
    await blockMany(old, 10, 15);
    const newer = await old.beside({ processId: 'newer', schemaVersion: 8, times: short });
    const { distinct } = await listen(newer);
    await newer.settled();
    expect(await relayOf(newer)).toMatchObject({ holder: 'newer', schemaVersion: 8 });
    expect(distinct().sort(order)).toEqual(blocks(0, 15).sort(order));
    // Logged once, although it checks several times a second.
    expect(old.logged.filter(({ msg }) => msg === 'relay older than the data')).toHaveLength(1);
    expect(old.logged.filter(({ level }) => level === 'error')).toEqual([]);
    await newer.close();
  });

  it('leaves to the relay of a newer release what that release wrote, before it knows that it was followed', async () => {
    const slow = { leaseMs: 60_000, renewMs: 50_000 };
    const old = await openTest({ processId: 'old', schemaVersion: 7, times: slow });
    const { distinct } = await listen(old);
    await block(old, 0);
    await old.settled();
    const [deployment] = old.mongo.databases.deployments;
    const given = old.told('relay lost leadership');
    await raiseRelay(old.mongo.databases.collections.relays, relayIdOf(deployment as Deployment), 8);
    const likes = old.mongo.databases.db('posts').collection<{ _id: string }>('likes');
    await likes.insertOne({ _id: 'a:quote:1' });
    await block(old, 1);
    await given;
    expect(await old.broker.queues.listParked('relay', { limit: 10 })).toEqual([]);
    // It has the same code, so it cannot read the change either, which shows that it reached the change.
    const newer = await old.beside({ processId: 'newer', schemaVersion: 8, times: short });
    await old.settled();
    expect(await old.broker.queues.listParked('relay', { limit: 10 })).toHaveLength(1);
    expect(distinct()).toEqual(blocks(0, 2));
    await newer.close();
  });

  it('tells who relays and how far behind', async () => {
    const messaging = await openTest({ processId: 'me' });
    await blockMany(messaging, 0, 3);
    await messaging.settled();
    await expect.poll(async () => (await relayOf(messaging))?.relayedAt).toBeDefined();
    const { leader, lagMs } = await readRelayStatus(messaging.mongo.databases);
    expect(leader).toBe('me');
    expect(lagMs).toBeLessThan(3_000);
    await messaging.close();
    expect((await readRelayStatus(messaging.mongo.databases)).leader).toBeNull();
  });

  it('erases the barriers that it relayed', async () => {
    const messaging = await openTest();
    await listen(messaging);
    for (let i = 0; i < 10; i++) await messaging.settled();
    const [deployment] = messaging.mongo.databases.deployments;
    await expect.poll(() => deployment?.barriers.countDocuments()).toBe(0);
  });
});

const order = (a: DomainEvent, b: DomainEvent): number => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1);
