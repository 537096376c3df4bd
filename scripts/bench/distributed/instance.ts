import { rmSync } from 'node:fs';
import { defaultSettings } from '@twite/core/engine';
import { openSession } from '@twite/core/sessions/open-session';
import { type DistributedEngine, openDistributedEngine } from '@twite/engine-distributed';
import {
  openRawServices,
  type RawServices,
  serviceEnvironment,
  testNamespaces,
  testUrls,
} from '@twite/engine-distributed/testing';
import type { Session } from '@twite/sdk';
import { listenerOn } from '../cpu.ts';
import { rootPath, type Started, startProcess, temporaryFolder } from '../processes.ts';

export interface Person {
  readonly accountId: string;
  readonly session: Session;
}

export interface ServerOptions {
  readonly pin?: boolean;
  readonly env?: Readonly<Record<string, string>>;
}

/** A separate distributed instance on the services, for one measurement; disposing erases it. */
export interface Instance extends AsyncDisposable {
  readonly namespace: string;
  /** The engine in this process: to fill and query, bypassing the API. It neither consumes nor relays. */
  readonly open: DistributedEngine;
  readonly raw: RawServices;
  readonly ids: { next(): string };
  server(options?: ServerOptions): Promise<Started>;
  /** With all consumers, or some. The address is that of its metrics. */
  worker(consumers?: string): Promise<Started>;
  relay(): Promise<Started>;
  /** A signed-in account without a password. */
  join(handle: string): Promise<Person>;
}

export const hint = `The distributed engine is measured on its services, which are not named here.
Start them and name them: ../shared/stack/stack up && eval "$(../shared/stack/stack env)"
or set TWITE_TEST_MONGODB_URL, _REDIS_URL, _RABBITMQ_URL, _ELASTICSEARCH_URL and _NEO4J_URL.`;

/** The processes of the services that run on this machine, by name. */
export function servicePids(): Record<string, number> {
  const { mongodb, redis, rabbitmq, elasticsearch, neo4j } = testUrls();
  const urls = { mongodb: mongodb.posts, redis, rabbitmq, elasticsearch, neo4j };
  return Object.fromEntries(
    Object.entries(urls).flatMap(([name, url]) => {
      const pid = listenerOn(Number(/:(\d+)(?:[/?]|$)/.exec(url.slice(url.indexOf('//')))?.[1]));
      return pid === undefined ? [] : [[name, pid]];
    }),
  );
}

const accountDefaults = { passwordHash: 'none: nobody signs in with a password' };

export async function openInstance(): Promise<Instance> {
  const environment = serviceEnvironment();
  if (environment === undefined) throw new Error(hint);
  await using opening = new AsyncDisposableStack();
  const namespaces = testNamespaces();
  const namespace = namespaces.add();
  opening.defer(() => namespaces.erase());
  const folder = temporaryFolder();
  opening.defer(() => rmSync(folder.path, { recursive: true, force: true }));
  const open = opening.use(
    await openDistributedEngine({ urls: testUrls(), namespace, settings: defaultSettings }),
  );
  const raw = opening.use(openRawServices(namespace));
  const clock = { now: () => Date.now() };
  const { engine, ids } = open;

  const env = {
    ...environment,
    TWITE_ENGINE: 'distributed',
    TWITE_NAMESPACE: namespace,
    TWITE_RATE_LIMITS: 'off',
    TWITE_SHED_DELAY_MS: 'off',
    TWITE_HOST: '127.0.0.1',
    TWITE_READINESS_DELAY_SECONDS: '0',
  };
  const run = (args: readonly string[], level: string, { pin = false, env: more = {} }: ServerOptions = {}) =>
    startProcess(
      [process.execPath, rootPath('packages/cli/bin/twite.js'), ...args],
      { ...env, ...more, TWITE_LOG_LEVEL: level, TWITE_METRICS_PORT: '0' },
      { pin },
    );
  const resources = opening.move();
  return {
    namespace,
    open,
    raw,
    ids,
    server: (options) => run(['server', '--port', '0'], 'warn', options),
    // Their address is in the line that says that they are ready.
    worker: (consumers) =>
      run(['worker', ...(consumers === undefined ? [] : ['--consumers', consumers])], 'info'),
    relay: () => run(['relay'], 'info'),
    async join(handle) {
      const accountId = ids.next();
      await engine.accounts.insert({
        ...accountDefaults,
        accountId,
        handle,
        displayName: handle,
        createdAt: Date.now(),
      });
      const deps = { ...engine, clock, ids, settings: defaultSettings };
      return { accountId, session: await openSession(deps, accountId, 'bench') };
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}
