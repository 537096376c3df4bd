import { randomBytes } from 'node:crypto';
import type { Engine, OpenEngine } from '@twite/core/engine';
import type { RedisConnection } from '../connection.ts';

/** Unset: there is no Redis to test against. */
export const testRedisUrl = process.env.TWITE_TEST_REDIS_URL;

export const aNamespace = (): string => `test_${randomBytes(6).toString('hex')}`;

export async function removeNamespace({ client }: RedisConnection, namespace: string): Promise<void> {
  for await (const keys of client.scanStream({ match: `${namespace}:*`, count: 1_000 })) {
    await Promise.all((keys as string[]).map((key) => client.unlink(key)));
  }
}

export function stubEngine(ports: Partial<Engine>, close: () => Promise<void>): OpenEngine {
  return {
    engine: ports as Engine,
    uncached: ports as Engine,
    checkPrimary: async () => {},
    settled: async () => {},
    status: () => Promise.reject(new Error('there is no status of a part of an engine')),
    failed: new Promise(() => {}),
    [Symbol.asyncDispose]: close,
  };
}
