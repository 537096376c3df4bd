import { randomBytes } from 'node:crypto';
import { everything, type Invalidation } from '@twite/core/caching/invalidation';
import type { CacheListener, InvalidationBus } from '@twite/core/caching/invalidation-bus';
import { cacheNames } from '@twite/core/measures/cache-state';
import { withoutTrace } from '@twite/core/trace';
import type { Redis } from 'ioredis';
import type { Log } from '../log.ts';
import { connectRedis, type RedisConnection } from './connection.ts';
import { invalidationsChannel } from './keys.ts';

export interface CacheBusOptions {
  /** The address of the server that relays the messages; the bus listens on a connection of its own. */
  readonly url: string;
  /** The connection that it publishes on. */
  readonly connection: RedisConnection;
  readonly namespace: string;
  readonly log: Log;
  /**
   * The cache of posts that processes share: invalidated before the others are notified, as they would read from it
   * again.
   */
  readonly shared?: { invalidate(invalidations: readonly Invalidation[]): Promise<void> };
}

/** Notifies the caches of all processes of the values that a write may have changed. */
export interface CacheBus extends InvalidationBus, AsyncDisposable {
  /** The number of invalidations not yet published. */
  readonly unpublished: number;
  /** The number of failed attempts to publish since the start. */
  readonly failures: number;
}

/** A subscription that is not checked for this long may be dead without notice: staleness is bounded by twice this. */
const HEARTBEAT_MS = 1_000;
const RETRY_MS = 250;
/** Beyond it, the other processes are notified to evict everything instead. */
const UNPUBLISHED_MAX = 20_000;
const known: ReadonlySet<string> = new Set(cacheNames);

export async function openCacheBus(options: CacheBusOptions): Promise<CacheBus> {
  const { url, connection, namespace, log, shared } = options;
  const channel = invalidationsChannel(namespace);
  const processId = randomBytes(6).toString('base64url');
  const listeners: CacheListener[] = [];
  const subscriber = await connectRedis(url, { name: `${namespace}-bus`, log, deadlineMs: HEARTBEAT_MS });
  const subscription = subscriber.client as Redis;

  let isCoherent = false;
  const setCoherent = (coherent: boolean) => {
    if (isCoherent === coherent) return;
    isCoherent = coherent;
    for (const listener of listeners) {
      if (coherent) listener.resume();
      else listener.suspend();
    }
  };
  const subscribe = async () => {
    try {
      await subscription.subscribe(channel);
      if (subscriber.isUp) setCoherent(true);
    } catch {
      subscriber.reconnect();
    }
  };
  subscriber.listen((isUp) => {
    if (isUp) void subscribe();
    else setCoherent(false);
  });
  subscription.on('message', (_channel: string, message: string) => {
    const invalidations = parseMessage(message, processId);
    if (invalidations.length > 0) for (const listener of listeners) listener.invalidate(invalidations);
  });
  if (subscriber.isUp) await subscribe();
  const heartbeat = setInterval(() => {
    if (!isCoherent) return;
    subscription.ping().catch(() => {
      setCoherent(false);
      subscriber.reconnect();
    });
  }, HEARTBEAT_MS).unref();

  /** The invalidations to publish, without duplicates. */
  let pending = new Map<string, Invalidation>();
  let flush: Promise<void> | undefined;
  let failures = 0;
  let isAway = false;
  let retry: NodeJS.Timeout | undefined;

  const add = (invalidations: Iterable<Invalidation>) => {
    for (const invalidation of invalidations)
      pending.set(`${invalidation[0]} ${invalidation[1]}`, invalidation);
    if (pending.size > UNPUBLISHED_MAX) {
      pending = new Map(
        everything.map((invalidation) => [`${invalidation[0]} ${invalidation[1]}`, invalidation]),
      );
    }
  };
  /** This process invalidated them before Redis did, and may have read them there since. */
  const invalidatePosts = (invalidations: readonly Invalidation[]) => {
    const posts = invalidations.filter(([cache]) => cache === 'posts');
    if (posts.length > 0) for (const listener of listeners) listener.invalidate(posts);
  };
  const publish = async () => {
    const sent = pending;
    pending = new Map();
    flush = undefined;
    if (sent.size === 0) return;
    const invalidations = [...sent.values()];
    try {
      const message = JSON.stringify([processId, ...invalidations.flat()]);
      const invalidated = shared?.invalidate(invalidations).then(() => invalidatePosts(invalidations));
      // The server executes commands in order, but without a connection they are not sent in order.
      if (!connection.isUp) await invalidated;
      await Promise.all([invalidated, connection.client.publish(channel, message)]);
      isAway = false;
    } catch (error) {
      failures += 1;
      if (!isAway) {
        log({ level: 'warn', msg: 'cache invalidations delayed', err: error });
      }
      isAway = true;
      add(sent.values());
      retry ??= withoutTrace(() =>
        setTimeout(() => {
          retry = undefined;
          void publishSoon();
        }, RETRY_MS).unref(),
      );
    }
  };
  const publishSoon = (): Promise<void> => {
    flush ??= new Promise((resolve) => {
      setImmediate(() => resolve(publish()));
    });
    return flush;
  };
  connection.listen((isUp) => {
    if (isUp && pending.size > 0) void publishSoon();
  });

  return {
    get isCoherent() {
      return isCoherent;
    },
    isImmediate: false,
    get unpublished() {
      return pending.size;
    },
    get failures() {
      return failures;
    },
    listen(listener) {
      listeners.push(listener);
      if (isCoherent) listener.resume();
    },
    async invalidate(invalidations) {
      if (invalidations.length === 0) return;
      for (const listener of listeners) listener.invalidate(invalidations);
      add(invalidations);
      await publishSoon();
    },
    async [Symbol.asyncDispose]() {
      clearInterval(heartbeat);
      clearTimeout(retry);
      setCoherent(false);
      if (pending.size > 0) await publish();
      await subscriber[Symbol.asyncDispose]();
    },
  };
}

/**
 * The invalidations of another process; empty when they came from this one. Cache names unknown to this version are
 * ignored.
 */
function parseMessage(message: string, processId: string): readonly Invalidation[] {
  let parts: unknown;
  try {
    parts = JSON.parse(message);
  } catch {
    return everything;
  }
  if (!Array.isArray(parts) || !parts.every((part) => typeof part === 'string')) return everything;
  if (parts[0] === processId) return [];
  const invalidations: Invalidation[] = [];
  for (let index = 1; index + 1 < parts.length; index += 2) {
    const [cache, key] = [parts[index] as Invalidation[0], parts[index + 1] as string];
    if (known.has(cache)) invalidations.push([cache, key]);
  }
  return invalidations;
}
