import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { createServer as createTlsServer } from 'node:tls';
import type { CheckResult } from '@twite/core/doctor/run-checks';
import { openRawServices, serviceEnvironment, testNamespaces } from '@twite/engine-distributed/testing';
import { loadConfig } from '@twite/process/config/load-config';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { certificate } from '../doctor/network-checks.ts';
import { startDistributed } from './distributed.ts';
import { examine } from './doctor.ts';
import { startEmbedded } from './embedded.ts';
import type { RunningServer } from './serve.ts';
import { expiredCertificate, privateKey, selfSignedCertificate } from './testing/certificates.ts';

let stack: AsyncDisposableStack;
let folder: string;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  folder = await mkdtemp(join(tmpdir(), 'twite-doctor-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
});
afterEach(() => stack.disposeAsync());

const env = (): Record<string, string> => ({
  TWITE_DATA_DIR: join(folder, 'data'),
  TWITE_PORT: '0',
  TWITE_METRICS_PORT: 'off',
  TWITE_LOG_LEVEL: 'silent',
});

const named = (checks: readonly CheckResult[], name: string): CheckResult => {
  const found = checks.find((check) => check.name === name);
  if (found === undefined)
    throw new Error(`no check ${name} among ${checks.map((check) => check.name).join(', ')}`);
  return found;
};
const failing = (checks: readonly CheckResult[]): string[] =>
  checks.filter(({ status }) => status === 'fail').map(({ name }) => name);

const occupy = async (): Promise<number> => {
  const server = createServer((_request, response) => response.writeHead(404).end('no'));
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(() => void server.close());
  return (server.address() as AddressInfo).port;
};

test('a running embedded instance passes, and its ports are recognized as its own', async () => {
  const port = await occupy();
  const config = loadConfig(env());
  const server = stack.use(await startEmbedded({ ...config, metricsPort: 0 }));
  const running = {
    ...env(),
    TWITE_PORT: new URL(server.url).port,
    TWITE_METRICS_PORT: new URL(server.metricsUrl ?? '').port,
  };
  const checks = await examine({ env: running, url: server.url });
  expect(failing(checks)).toEqual([]);
  for (const name of [
    'node',
    'configuration',
    'data folder',
    'schema',
    'queues',
    'clock',
    'server',
    'server clock',
  ])
    expect(named(checks, name), name).toMatchObject({ status: 'pass' });
  expect(named(checks, `port ${running.TWITE_PORT}`).message).toContain('in use by a Twite server');
  expect(named(checks, `port ${running.TWITE_METRICS_PORT}`).message).toContain('in use by a Twite server');
  const taken = named(await examine({ env: { ...running, TWITE_PORT: String(port) } }), `port ${port}`);
  expect(taken).toMatchObject({ status: 'fail', message: 'is in use by another program' });
});

test('all problems of the configuration are reported at once, without secrets', async () => {
  const checks = await examine({
    env: { ...env(), TWITE_PORT: 'eighty', TWITE_ENGINE: 'distributed', TWITE_MONGODB_URL: 'hunter22' },
  });
  const { status, message } = named(checks, 'configuration');
  expect(status).toBe('fail');
  expect(message).toMatch(/TWITE_PORT.*TWITE_REDIS_URL|TWITE_REDIS_URL.*TWITE_PORT/);
  expect(message).not.toContain('hunter22');
});

test('unusable and world-readable data folders are reported with the command to fix them', async () => {
  await writeFile(join(folder, 'data'), '');
  expect(named(await examine({ env: env() }), 'data folder')).toMatchObject({ status: 'fail' });
  await rm(join(folder, 'data'));
  await mkdir(join(folder, 'data'));
  await chmod(join(folder, 'data'), 0o755);
  expect(named(await examine({ env: env() }), 'data folder')).toEqual({
    name: 'data folder',
    status: 'warn',
    message: `${join(folder, 'data')} has mode 755: other users of this machine can read it`,
    fix: `chmod 700 ${join(folder, 'data')}`,
  });
});

test('a newer database, an older one, parked messages and a clock that went back are detected', async () => {
  const server = await startEmbedded(loadConfig(env()));
  await server.deps.jobs.enqueue([{ name: 'turnLeadIntoGold' }] as never);
  await server.settled();
  await server.close();
  const change = (sql: string) => {
    const db = new DatabaseSync(join(folder, 'data/twite.db'));
    db.exec(sql);
    db.close();
  };
  expect(named(await examine({ env: env() }), 'queues')).toMatchObject({
    status: 'warn',
    message: '1 parked, 0 waiting',
  });
  change(`INSERT INTO deleted_posts VALUES ('8999999999999999999')`);
  expect(named(await examine({ env: env() }), 'clock')).toMatchObject({ status: 'warn' });
  change('PRAGMA user_version = 1');
  expect(named(await examine({ env: env() }), 'schema')).toMatchObject({ status: 'warn' });
  change('PRAGMA user_version = 1000');
  expect(named(await examine({ env: env() }), 'schema')).toMatchObject({
    status: 'fail',
    fix: 'Upgrade Twite.',
  });
});

test('a server that does not respond fails', async () => {
  const checks = await examine({ env: env(), url: 'http://127.0.0.1:9' });
  expect(failing(checks)).toEqual(['server', 'server clock']);
  await expect(examine({ env: env(), url: 'nowhere' })).rejects.toThrow('--url must be a URL');
});

test.each([
  ['that expired', expiredCertificate, /^expired on/],
  ['that nobody trusts', selfSignedCertificate, /^is not trusted/],
])('a certificate %s fails', async (_what, cert, message) => {
  const server = createTlsServer({ key: privateKey, cert }, (socket) => socket.end());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  stack.defer(() => void server.close());
  const { find } = certificate('it', '127.0.0.1', (server.address() as AddressInfo).port);
  expect(await find()).toMatchObject({ status: 'fail', message: expect.stringMatching(message) });
});

test('the certificates of all TLS services are checked, each address once', async () => {
  const port = await occupy();
  const checks = await examine({
    env: {
      ...env(),
      TWITE_ENGINE: 'distributed',
      TWITE_MONGODB_URL: `mongodb://u:p@127.0.0.1:${port},other:1/?tls=true&serverSelectionTimeoutMS=100`,
      TWITE_REDIS_URL: `rediss://127.0.0.1:${port}`,
      TWITE_RABBITMQ_URL: 'amqp://127.0.0.1:9',
      TWITE_ELASTICSEARCH_URL: 'https://127.0.0.1:9',
      TWITE_NEO4J_URL: 'bolt://127.0.0.1:9',
      TWITE_S3_URL: 'http://key:secret@127.0.0.1:9',
    },
  });
  const names = checks.map(({ name }) => name).filter((name) => name.startsWith('certificate'));
  expect(names).toEqual([`certificate of 127.0.0.1:${port}`, 'certificate of 127.0.0.1:9']);
  for (const name of names) expect(named(checks, name)).toMatchObject({ status: 'fail' });
});

const services = serviceEnvironment();

describe.runIf(services !== undefined)('a distributed instance', () => {
  const namespaces = testNamespaces();
  let server: RunningServer;
  let distributed: Record<string, string>;
  beforeAll(async () => {
    distributed = {
      ...services,
      TWITE_ENGINE: 'distributed',
      TWITE_NAMESPACE: namespaces.add(),
      TWITE_PORT: '0',
      TWITE_METRICS_PORT: 'off',
      TWITE_LOG_LEVEL: 'silent',
    };
    server = await startDistributed(loadConfig(distributed), { withWorkers: true });
    await server.settled();
  });
  afterAll(async () => {
    await server?.close();
    await namespaces.erase();
  });

  test('that is running has no failure', async () => {
    const checks = await examine({ env: distributed });
    expect(failing(checks)).toEqual([]);
    for (const name of [
      'mongodb',
      'mongodb writes',
      'redis',
      'rabbitmq',
      'queues',
      'search index',
      'neo4j apoc',
      'relay',
      'schema',
    ])
      expect(named(checks, name), name).toMatchObject({ status: 'pass' });
  });

  test('with unreachable or refusing services fails once for each, without their passwords', async () => {
    const elsewhere = (name: string) => {
      const url = new URL(services?.[name] ?? '');
      return `${url.protocol}//guest:hunter22@127.0.0.1:9/`;
    };
    const refused = (name: string, user: string) => {
      const url = new URL(services?.[name] ?? '');
      return `${url.protocol}//${user}:hunter22@${url.host}`;
    };
    const checks = await examine({
      env: {
        ...distributed,
        TWITE_MONGODB_URL: elsewhere('TWITE_MONGODB_URL'),
        TWITE_REDIS_URL: refused('TWITE_REDIS_URL', ''),
        TWITE_RABBITMQ_URL: refused('TWITE_RABBITMQ_URL', 'guest'),
        TWITE_ELASTICSEARCH_URL: elsewhere('TWITE_ELASTICSEARCH_URL'),
        TWITE_NEO4J_URL: elsewhere('TWITE_NEO4J_URL'),
      },
    });
    expect(failing(checks)).toEqual(['mongodb', 'redis', 'rabbitmq', 'elasticsearch', 'neo4j']);
    expect(named(checks, 'redis').message).toContain('WRONGPASS');
    expect(named(checks, 'rabbitmq').message).toMatch(/^ACCESS_REFUSED/);
    expect(JSON.stringify(checks)).not.toContain('hunter22');
  });

  test('that is partially restored, of a newer version, or with parked messages is detected', async () => {
    await using raw = openRawServices(distributed.TWITE_NAMESPACE ?? '');
    await raw.collections.parkedMessages.insertOne({
      _id: '1',
      queue: 'jobs.reconcile',
      payload: { unreadable: '?' },
      error: 'no',
      parkedAt: 0,
    });
    const schema = raw.collections.accounts.db.collection<{
      _id: string;
      version?: number;
      filling?: string;
    }>('schema');
    await schema.updateOne({ _id: 'schema' }, { $set: { version: 1_000 } });
    const checks = await examine({ env: distributed });
    expect(named(checks, 'schema')).toMatchObject({ status: 'fail', fix: 'Upgrade Twite.' });
    expect(named(checks, 'parked messages')).toMatchObject({ status: 'warn' });
    await schema.updateOne({ _id: 'incomplete' }, { $set: { filling: 'restore' } }, { upsert: true });
    expect(named(await examine({ env: distributed }), 'schema')).toMatchObject({ status: 'fail' });
  });
});
