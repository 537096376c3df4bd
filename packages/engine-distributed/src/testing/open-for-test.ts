export { openTcpProxy, type TcpProxy } from '../rabbitmq/testing/tcp-proxy.ts';
export { freePort, type RedisServer, startRedis } from '../redis/testing/redis-server.ts';
export { hasS3, testS3Place, testS3Url } from '../s3/testing/s3-for-test.ts';
export { openRawQueues, type RawQueues } from './raw-queues.ts';
export { openRawServices, type RawServices } from './raw-services.ts';
export { hasServices, serviceEnvironment, testUrls } from './test-services.ts';

import type { Clock } from '@twite/core/clock';
import type { OpenEngine, Settings } from '@twite/core/engine';
import { type DistributedEngine, openDistributedEngine } from '../index.ts';
import { ownConsumerNames } from '../own-consumer-names.ts';
import { eraseNamespace } from './erase-namespace.ts';
import { randomNamespace } from './random-namespace.ts';
import { testUrls } from './test-services.ts';

/** The namespaces of a test file, to be erased at its end. */
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

export interface OpenForTest {
  readonly clock: Clock;
  readonly settings: Settings;
}

/** Opens engines in separate namespaces, each with its relay and own consumers in this process. */
export function createTestEngines(): {
  open(options: OpenForTest): Promise<DistributedEngine>;
  reopen(closed: OpenEngine, options: OpenForTest): Promise<DistributedEngine>;
  namespaceOf(open: OpenEngine): string;
  /** Erases all data that the engines left on the servers, once they are disposed, at the end of a test file. */
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
