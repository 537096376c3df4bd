export { openTcpProxy, type TcpProxy } from '../rabbitmq/testing/tcp-proxy.ts';
export { freePort, type RedisServer, startRedis } from '../redis/testing/redis-server.ts';
export { hasS3, testS3Place, testS3Url } from '../s3/testing/s3-for-test.ts';
export { openRawQueues, type RawQueues } from './raw-queues.ts';
export { openRawServices, type RawServices } from './raw-services.ts';

import type { Clock } from '@twite/core/clock';
import type { OpenEngine, Settings } from '@twite/core/engine';
import type { AllServiceUrls } from '../connections.ts';
import { type DistributedEngine, openDistributedEngine } from '../index.ts';
import { ownConsumerNames } from '../rabbitmq/topology.ts';
import { hasS3, testS3Place, testS3Url } from '../s3/testing/s3-for-test.ts';
import { eraseNamespace } from './erase-namespace.ts';
import { randomNamespace } from './random-namespace.ts';

const variables = ['MONGODB', 'REDIS', 'RABBITMQ', 'ELASTICSEARCH', 'NEO4J'];

/** Whether the servers of the distributed engine are there to test against. */
export const hasServices = variables.every((name) => process.env[`TWITE_TEST_${name}_URL`]) && hasS3;

/** The environment of processes on those servers; undefined when they are not there. */
export function serviceEnvironment(): Readonly<Record<string, string>> | undefined {
  if (!hasServices) return undefined;
  return {
    ...Object.fromEntries(variables.map((name) => [`TWITE_${name}_URL`, urlOf(name)])),
    TWITE_S3_URL: testS3Url(),
  };
}

/** Namespaces of a test file, to be erased at its end. */
export function testNamespaces(): { add(): string; erase(): Promise<void> } {
  const namespaces: string[] = [];
  return {
    add() {
      const namespace = randomNamespace();
      namespaces.push(namespace);
      return namespace;
    },
    erase: () => eraseNamespace(testUrls(), namespaces.splice(0)),
  };
}

const urlOf = (name: string): string => process.env[`TWITE_TEST_${name}_URL`] ?? '';

/** With a bucket of its own for the namespace, as a process finds it from its configuration. */
export function testUrls(namespace = 'twite_test'): AllServiceUrls {
  const mongodb = urlOf('MONGODB');
  return {
    mongodb: { posts: mongodb, replies: mongodb, social: mongodb, identity: mongodb },
    redis: urlOf('REDIS'),
    redisLimits: urlOf('REDIS'),
    rabbitmq: urlOf('RABBITMQ'),
    elasticsearch: urlOf('ELASTICSEARCH'),
    neo4j: urlOf('NEO4J'),
    s3: testS3Place(namespace),
  };
}

export interface OpenForTest {
  readonly clock: Clock;
  readonly settings: Settings;
}

/** Opens engines in namespaces of their own, each with its relay and own consumers in this process. */
export function createTestEngines(): {
  open(options: OpenForTest): Promise<DistributedEngine>;
  reopen(closed: OpenEngine, options: OpenForTest): Promise<DistributedEngine>;
  namespaceOf(open: OpenEngine): string;
  /** Erases all that the engines left on the servers: when they are disposed, at the end of a test file. */
  erase(): Promise<void>;
} {
  const namespaces = new Map<OpenEngine, string>();
  const open = async (namespace: string, { clock, settings }: OpenForTest): Promise<DistributedEngine> => {
    const engine = await openDistributedEngine({
      urls: testUrls(namespace),
      namespace,
      settings,
      limitsClock: clock,
      relay: true,
      consumers: ownConsumerNames,
    });
    namespaces.set(engine, namespace);
    await Promise.all([engine.warm(), engine.relayPlaced]);
    return engine;
  };
  const namespaceOf = (engine: OpenEngine): string => {
    const namespace = namespaces.get(engine);
    if (namespace === undefined) throw new Error('this engine was not opened here');
    return namespace;
  };
  return {
    open: (options) => open(randomNamespace(), options),
    reopen: (closed, options) => open(namespaceOf(closed), options),
    namespaceOf,
    async erase() {
      const all = [...new Set(namespaces.values())];
      namespaces.clear();
      await eraseNamespace(testUrls(), all);
    },
  };
}
