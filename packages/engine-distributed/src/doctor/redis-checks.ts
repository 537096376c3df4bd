import { judgeClock } from '@twite/core/doctor/clocks';
import { type Check, pass, warn } from '@twite/core/doctor/run-checks';
import { judgeVersion } from '@twite/core/doctor/versions';
import { Redis } from 'ioredis';
import { placeOf } from '../connections.ts';

const supported = { least: '7.0', below: '9.0' };
const connectMs = 2_000;

/** Opens a connection for one request. Fails at once when Redis does not answer. */
async function withRedis<T>(url: string, ask: (redis: Redis) => Promise<T>): Promise<T> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: connectMs,
    maxRetriesPerRequest: 0,
    retryStrategy: () => null,
  });
  let reason: Error | undefined;
  redis.on('error', (error) => {
    reason ??= error;
  });
  try {
    await redis.connect();
    return await ask(redis);
  } catch (error) {
    // The driver's own error says only that the connection is closed.
    throw reason ?? error;
  } finally {
    redis.disconnect();
  }
}

async function infoOf(redis: Redis): Promise<ReadonlyMap<string, string>> {
  const lines = (await redis.info()).split('\r\n').map((line) => line.split(':'));
  return new Map(lines.map(([name = '', ...value]) => [name, value.join(':')]));
}

export interface RedisRole {
  readonly name: 'redis' | 'redis-limits';
  readonly url: string;
  readonly variable: 'TWITE_REDIS_URL' | 'TWITE_REDIS_LIMITS_URL';
  /** Whether rate limits are kept here; they must not be evicted. */
  readonly keepsLimits: boolean;
}

export function redisChecks({ name, url, variable, keepsLimits }: RedisRole): readonly Check[] {
  const place = placeOf(url);
  const fix = `Start Redis at ${place}, or correct ${variable}, its user and its password.`;
  return [
    {
      name,
      fix,
      find: () =>
        withRedis(url, async (redis) => {
          await redis.ping();
          return pass(`answers at ${place}`);
        }),
    },
    {
      name: `${name} version`,
      needs: name,
      fix,
      find: () =>
        withRedis(url, async (redis) =>
          judgeVersion('Redis', (await infoOf(redis)).get('redis_version') ?? 'unknown', supported),
        ),
    },
    {
      name: `${name} clock`,
      needs: name,
      fix,
      find: () =>
        withRedis(url, async (redis) => {
          const askedAt = Date.now();
          const [seconds, microseconds] = await redis.time();
          return judgeClock(
            'Redis',
            Number(seconds) * 1000 + Number(microseconds) / 1000,
            askedAt,
            Date.now(),
          );
        }),
    },
    {
      name: `${name} memory`,
      needs: name,
      fix,
      find: () =>
        withRedis(url, async (redis) => {
          const info = await infoOf(redis);
          const policy = info.get('maxmemory_policy') ?? 'noeviction';
          const max = Number(info.get('maxmemory') ?? 0);
          const words = `maxmemory ${max === 0 ? 'is not set' : (info.get('maxmemory_human') ?? max)}, ${policy}`;
          if (keepsLimits && max > 0 && policy !== 'noeviction') {
            return warn(
              `${words}: rate limits can be evicted and then restart from zero`,
              'Set TWITE_REDIS_LIMITS_URL to a separate Redis with maxmemory-policy noeviction.',
            );
          }
          if (!keepsLimits && max === 0) {
            return warn(
              `${words}: timelines and caches grow until the machine is out of memory`,
              'Set maxmemory, and maxmemory-policy allkeys-lru.',
            );
          }
          if (!keepsLimits && policy === 'noeviction') {
            return warn(`${words}: a full cache refuses writes`, 'Set maxmemory-policy allkeys-lru.');
          }
          return pass(words);
        }),
    },
  ];
}
