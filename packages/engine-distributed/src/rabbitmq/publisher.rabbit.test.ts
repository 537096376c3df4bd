import { Unavailable } from '@twite/core/unavailable';
import { describe, expect, it, onTestFinished } from 'vitest';
import { randomNamespace } from '../testing/random-namespace.ts';
import { openRabbit } from './connection.ts';
import { openPublisher, Unroutable } from './publisher.ts';
import { rabbitUrl } from './testing/open-messaging.ts';
import { openTcpProxy } from './testing/tcp-proxy.ts';
import {
  barrierKey,
  countReady,
  deleteTopology,
  isKnown,
  keepTopology,
  markKnown,
  namesIn,
} from './topology.ts';

const log = () => {};

async function openTest(options: { url?: string; deadlineMs?: number; strict?: boolean } = {}) {
  const { url = rabbitUrl, deadlineMs = 5_000, strict = false } = options;
  const names = namesIn(randomNamespace());
  const rabbit = openRabbit({ url, log });
  const topology = keepTopology(rabbit, names);
  let losses = 0;
  const publisher = openPublisher({
    rabbit,
    topology,
    log,
    deadlineMs,
    strict,
    onLost: () => {
      losses += 1;
    },
  });
  const beside = openRabbit({ url: rabbitUrl, log });
  onTestFinished(async () => {
    await publisher[Symbol.asyncDispose]();
    await rabbit[Symbol.asyncDispose]();
    await deleteTopology(beside.publishing, names);
    await beside[Symbol.asyncDispose]();
  });
  const send = (text: string, to: { exchange?: string; routingKey?: string } = {}) =>
    publisher.publish({
      exchange: '',
      routingKey: names.jobs,
      body: Buffer.from(JSON.stringify(text)),
      at: 1,
      ...to,
    });
  const takeAll = async () => {
    const taken: unknown[] = [];
    for (;;) {
      const message = await beside.consuming.basicGet({ queue: names.jobs, noAck: true });
      if (message === undefined) return taken;
      taken.push(message.body);
    }
  };
  return { names, rabbit, beside, topology, publisher, send, takeAll, losses: () => losses };
}

describe.runIf(rabbitUrl !== '')('publishing to RabbitMQ (TWITE_TEST_RABBITMQ_URL)', () => {
  it('reaches the queues whose consumers handle it; barriers reach all', async () => {
    const { names, beside, send } = await openTest();
    for (const routingKey of ['postCreated', 'postLiked', 'accountFollowed', 'accountUnmuted', barrierKey]) {
      await send(routingKey, { exchange: names.events, routingKey });
    }
    const waiting = (workQueue: string) => countReady(beside.consuming, names.queueOf(workQueue));
    const expected = { fanOut: 2, searchIndex: 2, upkeep: 5, counts: 4, graph: 2 };
    for (const [workQueue, count] of Object.entries(expected)) {
      await expect.poll(() => waiting(workQueue), { message: workQueue }).toBe(count);
    }
  });

  it('keeps the order of calls, even beyond the limit in flight', async () => {
    const { send, takeAll } = await openTest();
    const texts = Array.from({ length: 1_500 }, (_, i) => String(i));
    await Promise.all(texts.map((text) => send(text)));
    expect(await takeAll()).toEqual(texts);
  });

  it('reports when no queue accepts a message, and continues', async () => {
    const { names, send, takeAll } = await openTest();
    await expect(send('lost', { exchange: names.jobs, routingKey: 'nobody' })).rejects.toThrow(Unroutable);
    await expect(send('lost', { routingKey: `${names.jobs}.none` })).rejects.toThrow(Unroutable);
    await send('kept');
    expect(await takeAll()).toEqual(['kept']);
  });

  it('redeclares queues that the broker lost', async () => {
    const { names, send, takeAll, beside } = await openTest();
    await send('before');
    await deleteTopology(beside.publishing, names);
    await expect(send('lost')).rejects.toThrow(Unroutable);
    await send('after');
    expect(await takeAll()).toEqual(['after']);
  });

  it('is refused by a full queue, and reports it', async () => {
    const { names, send, beside } = await openTest();
    const queue = `${names.jobs}.full`;
    await beside.publishing.queueDeclare({
      queue,
      durable: true,
      arguments: { 'x-queue-type': 'quorum', 'x-max-length': 3, 'x-overflow': 'reject-publish' },
    });
    onTestFinished(async () => {
      await beside.publishing.queueDelete({ queue });
    });
    const results: string[] = [];
    for (let i = 0; i < 20; i++) {
      await send('x', { routingKey: queue }).then(
        () => results.push('taken'),
        (error: unknown) => results.push(error instanceof Unavailable ? 'refused' : String(error)),
      );
    }
    expect(results.slice(0, 3)).toEqual(['taken', 'taken', 'taken']);
    expect(results.at(-1)).toBe('refused');
    expect(new Set(results)).toEqual(new Set(['taken', 'refused']));
  });

  it('continues after a connection failure without losing confirmed messages', async () => {
    await using proxy = await openTcpProxy(rabbitUrl);
    const { send, takeAll, losses } = await openTest({ url: proxy.url });
    const confirmed: string[] = [];
    for (let round = 0; round < 4; round++) {
      const sending = Array.from({ length: 200 }, (_, i) => {
        const text = `${round}-${i}`;
        return send(text).then(
          () => confirmed.push(text),
          (error: unknown) => expect(error).toBeInstanceOf(Unavailable),
        );
      });
      await sending[20];
      const lossesBefore = losses();
      proxy.cut();
      await Promise.all(sending);
      // All may have been confirmed before the cut is noticed.
      await expect.poll(losses).toBeGreaterThan(lossesBefore);
    }
    await send('last');
    expect(losses()).toBeGreaterThan(0);
    const taken = await takeAll();
    expect(confirmed.length).toBeGreaterThan(80);
    expect(confirmed.filter((text) => !taken.includes(text))).toEqual([]);
    expect(taken.at(-1)).toBe('last');
  });

  it('lets no message overtake a lost one where the order matters', async () => {
    await using proxy = await openTcpProxy(rabbitUrl);
    const { send, takeAll } = await openTest({ url: proxy.url, strict: true });
    await send('0');
    const texts = Array.from({ length: 1_200 }, (_, i) => String(i + 1));
    const sending = texts.map((text) =>
      send(text).then(
        () => true,
        () => false,
      ),
    );
    await sending[100];
    proxy.cut();
    const results = await Promise.all(sending);
    const firstLost = results.indexOf(false);
    expect(firstLost).toBeGreaterThan(100);
    expect(results.slice(firstLost)).not.toContain(true);
    const taken = await takeAll();
    expect(taken).toEqual(['0', ...texts].slice(0, taken.length));
  });

  it('fails within its deadline while the broker is unavailable, and works again afterwards', async () => {
    await using proxy = await openTcpProxy(rabbitUrl);
    const { send, takeAll } = await openTest({ url: proxy.url, deadlineMs: 200 });
    await send('before').catch(() => {});
    proxy.break();
    await expect(send('meanwhile')).rejects.toThrow(Unavailable);
    proxy.mend();
    await expect
      .poll(
        () =>
          send('after').then(
            () => 'sent',
            () => 'not yet',
          ),
        { timeout: 10_000 },
      )
      .toBe('sent');
    expect(await takeAll()).toContain('after');
  });

  it('distinguishes a filled broker from a new one', async () => {
    const { names, rabbit, topology } = await openTest();
    await topology.ensure();
    expect(await isKnown(rabbit.publishing, names, 'posts')).toBe(false);
    await markKnown(rabbit.publishing, names, 'posts');
    expect(await isKnown(rabbit.publishing, names, 'posts')).toBe(true);
    expect(await countReady(rabbit.consuming, names.jobs)).toBe(0);
    expect(await countReady(rabbit.consuming, `${names.jobs}.none`)).toBeUndefined();
  });
});
