import type { Invalidation } from '@twite/core/caching/invalidation';
import type { CacheListener } from '@twite/core/caching/invalidation-bus';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import type { LogEntry } from '../log.ts';
import { openCacheBus } from './cache-bus.ts';
import { connectRedis, type RedisConnection } from './connection.ts';
import { testRedisUrl } from './testing/redis-engine.ts';
import { type RedisServer, startRedis } from './testing/redis-server.ts';

class Recorder implements CacheListener {
  readonly forgotten: Invalidation[] = [];
  readonly states: string[] = [];
  invalidate(invalidations: readonly Invalidation[]) {
    this.forgotten.push(...invalidations);
  }
  suspend() {
    this.states.push('suspended');
  }
  resume() {
    this.states.push('resumed');
  }
}

describe.runIf(testRedisUrl !== undefined)('the bus between caches', () => {
  let server: RedisServer;
  const open: AsyncDisposable[] = [];
  const entries: LogEntry[] = [];
  const log = (entry: LogEntry) => entries.push(entry);
  const eventually = <T>(check: () => T) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

  async function aProcess(namespace: string) {
    const connection = await connectRedis(server.url, { name: 'bus-test', log, deadlineMs: 1_000 });
    const bus = await openCacheBus({ url: server.url, connection, namespace, log });
    const caches = new Recorder();
    bus.listen(caches);
    open.push(bus, connection);
    return { connection, bus, caches };
  }

  beforeAll(async () => {
    server = await startRedis();
  });
  afterEach(async () => {
    await server.signal('SIGCONT');
    for (const each of open.splice(0)) await each[Symbol.asyncDispose]();
    entries.length = 0;
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('an invalidation is received immediately here and soon by others, once by each', async () => {
    const [one, other, elsewhere] = [await aProcess('n'), await aProcess('n'), await aProcess('another')];
    expect(one.bus.isCoherent).toBe(true);
    expect(one.caches.states).toEqual(['resumed']);
    const invalidating = one.bus.invalidate([['posts', '1']]);
    expect(one.caches.forgotten).toEqual([['posts', '1']]);
    await invalidating;
    await one.bus.invalidate([
      ['accounts', 'é\u2028'],
      ['posts', '*'],
    ]);
    await eventually(() => expect(other.caches.forgotten).toHaveLength(3));
    expect(other.caches.forgotten).toEqual([
      ['posts', '1'],
      ['accounts', 'é\u2028'],
      ['posts', '*'],
    ]);
    expect(one.caches.forgotten).toHaveLength(3);
    expect(elsewhere.caches.forgotten).toEqual([]);
  });

  it('concurrent invalidations are one message, and each is delivered once', async () => {
    const [one, other] = [await aProcess('n'), await aProcess('n')];
    const messages: string[] = [];
    const spy = await connectRedis(server.url, { name: 'spy', log, deadlineMs: 1_000 });
    open.push(spy);
    spy.client.on('message', (_: string, message: string) => messages.push(message));
    await spy.client.subscribe('n:touched');
    await Promise.all(Array.from({ length: 50 }, (_, n) => one.bus.invalidate([['posts', String(n % 10)]])));
    await eventually(() => expect(other.caches.forgotten).toHaveLength(10));
    expect(messages).toHaveLength(1);
  });

  it('an unknown message clears all caches, and an unknown cache is ignored', async () => {
    const { caches, connection } = await aProcess('n');
    await connection.client.publish('n:touched', JSON.stringify(['x', 'ofTomorrow', '1', 'posts', '2']));
    await eventually(() => expect(caches.forgotten).toEqual([['posts', '2']]));
    await connection.client.publish('n:touched', '{');
    await eventually(() => expect(caches.forgotten).toContainEqual(['sessions', '*']));
  });

  it('without Redis, caches are suspended, and missed invalidations are published when it is back', async () => {
    const [one, other] = [await aProcess('n'), await aProcess('n')];
    await server.signal('SIGKILL');
    await eventually(() => expect([one.bus.isCoherent, other.bus.isCoherent]).toEqual([false, false]));
    expect(one.caches.states).toEqual(['resumed', 'suspended']);
    await one.bus.invalidate([['posts', '1']]);
    await one.bus.invalidate([['posts', '2']]);
    expect(one.bus.unpublished).toBe(2);
    await server.start();
    await eventually(() => expect([one.bus.isCoherent, other.bus.isCoherent]).toEqual([true, true]));
    expect(one.caches.states).toEqual(['resumed', 'suspended', 'resumed']);
    await eventually(() => expect(one.bus.unpublished).toBe(0));
    expect(entries.filter(({ msg }) => msg === 'cache invalidations delayed')).toHaveLength(1);
  });

  it('a hanging Redis is detected, and delays a write only by its deadline', async () => {
    const { bus, caches } = await aProcess('n');
    await server.signal('SIGSTOP');
    const started = performance.now();
    await bus.invalidate([['posts', '1']]);
    expect(performance.now() - started).toBeLessThan(2_000);
    await eventually(() => expect(bus.isCoherent).toBe(false));
    await server.signal('SIGCONT');
    await eventually(() => expect(bus.isCoherent).toBe(true));
    expect(caches.states).toEqual(['resumed', 'suspended', 'resumed']);
    await eventually(() => expect(bus.unpublished).toBe(0));
  });
});

describe.runIf(testRedisUrl !== undefined)('a connection to Redis', () => {
  const log = () => {};

  it('that fails is reported and retried, and its commands fail immediately meanwhile', async () => {
    const entries: LogEntry[] = [];
    await using server = await startRedis();
    await server.signal('SIGKILL');
    await using connection = await connectRedis(server.url, {
      name: 'early',
      log: (entry) => entries.push(entry),
    });
    expect(connection.isUp).toBe(false);
    expect(entries).toMatchObject([{ level: 'warn' }]);
    expect(() => connection.epoch()).toThrow('not connected');
    await expect(connection.client.get('k')).rejects.toThrow();
    await server.start();
    await vi.waitFor(() => expect(connection.isUp).toBe(true), { timeout: 10_000, interval: 5 });
    expect(entries.map(({ level }) => level)).toEqual(['warn', 'info']);
  });

  it('has a new epoch after each restart of the server, before any command', async () => {
    await using server = await startRedis();
    await using connection: RedisConnection = await connectRedis(server.url, {
      name: 'epochs',
      log,
      deadlineMs: 1_000,
    });
    const before = await connection.epoch();
    expect(before).toMatch(/^[0-9a-f]{8}$/);
    const states: boolean[] = [];
    connection.listen((isUp) => states.push(isUp));
    await server.signal('SIGKILL');
    await server.start();
    await vi.waitFor(() => expect(connection.isUp).toBe(true), { timeout: 10_000, interval: 5 });
    expect(states).toEqual([false, true]);
    expect(connection.epoch()).not.toBe(before);
  });
});
