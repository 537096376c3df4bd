import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { text } from 'node:stream/consumers';
import { type Config, loadConfig } from '@twite/process/config/load-config';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { startEmbedded } from './embedded.ts';
import type { RunningServer } from './serve.ts';

let stack: AsyncDisposableStack;
let dataDir: string;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  dataDir = await mkdtemp(join(tmpdir(), 'twite-embedded-'));
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
});
afterEach(() => stack.disposeAsync());

const configWith = (env: Record<string, string> = {}): Config =>
  loadConfig({
    TWITE_PORT: '0',
    TWITE_METRICS_PORT: 'off',
    TWITE_LOG_LEVEL: 'silent',
    TWITE_DATA_DIR: dataDir,
    ...env,
  });

const start = async (env?: Record<string, string>): Promise<RunningServer> =>
  stack.use(await startEmbedded(configWith(env)));

const signUp = (url: string, handle: string): Promise<Response> =>
  fetch(`${url}/v1/accounts`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ handle, password: 'rue plumet 1832' }),
  });

test('a server responds at its address, with metrics on another, until it is closed', async () => {
  const server = await start({ TWITE_METRICS_PORT: '0' });
  expect((await fetch(`${server.url}/livez`)).status).toBe(200);
  expect((await fetch(`${server.url}/readyz`)).status).toBe(200);
  expect((await signUp(server.url, 'cosette')).status).toBe(201);
  const metrics = await (await fetch(`${server.metricsUrl}/metrics`)).text();
  expect(metrics).toMatch(
    /twite_http_requests_total\{operation="createAccount",method="POST",status="201"\} 1/,
  );
  expect(metrics).toContain('twite_pool_tasks_waiting{pool="passwords"} 0');
  expect(metrics).toContain('twite_pool_tasks_waiting{pool="media"} 0');
  expect(metrics).toContain('twite_pool_processes{pool="media"} 0');
  await server.close();
  await expect(fetch(`${server.url}/livez`)).rejects.toThrow();
  await expect(fetch(`${server.metricsUrl}/metrics`)).rejects.toThrow();
});

test('a first start has settled when every demo account has a served avatar', async () => {
  const server = stack.use(await startEmbedded(configWith(), { demo: 'offer' }));
  await server.settled();
  const { avatar } = (await (await fetch(`${server.url}/v1/accounts/by-handle/Zephine`)).json()) as {
    avatar: { url: string };
  };
  expect((await fetch(avatar.url)).headers.get('content-type')).toBe('image/webp');
  expect(await readFile(join(dataDir, 'demo.json'), 'utf8')).toContain('loaded');
});

test('a first start interrupted while adding avatars continues at the next start', async () => {
  const first = await startEmbedded(configWith(), { demo: 'offer' });
  await first.close();
  const second = stack.use(await startEmbedded(configWith(), { demo: 'offer' }));
  expect(second.demo).toBeUndefined();
  await second.settled();
  const accounts = await second.deps.accounts.list({ limit: 100 });
  expect(accounts.filter(({ avatar }) => avatar === null)).toEqual([]);
});

test('requests accepted before a stop are completed and stored', async () => {
  const server = await start({ TWITE_HASH_CONCURRENCY: '1' });
  const handles = ['fantine', 'cosette', 'eponine', 'gavroche', 'azelma'];
  const answers = handles.map((handle) => signUp(server.url, handle));
  // All have been accepted once all passwords are with the hasher.
  const { passwords } = server.deps as unknown as { passwords: { load: { waiting: number } } };
  await expect.poll(() => passwords.load.waiting, { interval: 1 }).toBe(handles.length - 1);
  await server.close();
  expect((await Promise.all(answers)).map(({ status }) => status)).toEqual(handles.map(() => 201));

  const again = await start();
  for (const handle of handles) {
    expect((await fetch(`${again.url}/v1/accounts/by-handle/${handle}`)).status).toBe(200);
  }
});

test('an in-memory server needs no configuration, has no sign-up limits, and lets a script exit after closing it', async () => {
  const child = spawn(
    process.execPath,
    [...process.execArgv, '--conditions=twite-source', join(import.meta.dirname, 'testing/in-memory.ts')],
    { stdio: ['ignore', 'pipe', 'inherit'], env: {} },
  );
  const [output, [exitCode]] = await Promise.all([text(child.stdout), once(child, 'exit')]);
  // 13: Node found that the script waits for something that will never happen.
  expect({ output, exitCode }).toEqual({ output: '22 accounts\n', exitCode: 0 });
});

test('closing twice is closing once', async () => {
  const server = await start();
  await Promise.all([server.close(), server.close()]);
});

test('during the readiness delay it is not ready but serves as usual', async () => {
  const server = await start({ TWITE_READINESS_DELAY_SECONDS: '1' });
  const closing = server.close();
  const ready = await fetch(`${server.url}/readyz`);
  expect([ready.status, ready.headers.get('connection')]).toEqual([503, 'close']);
  expect((await fetch(`${server.url}/livez`)).status).toBe(200);
  await closing;
});

test('a port in use is one line, and the folder is released', async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
  stack.defer(() => void other.close());
  const { port } = other.address() as AddressInfo;
  await expect(start({ TWITE_PORT: String(port) })).rejects.toThrow(/^port \d+ on 127\.0\.0\.1 is taken/);
  await expect(start({ TWITE_METRICS_PORT: String(port) })).rejects.toThrow('TWITE_METRICS_PORT');
  await start();
});

test.each([
  ['a file where the folder should be', async () => writeFile(join(dataDir, 'data'), ''), 'cannot be used'],
  [
    'a folder that another server has open',
    async () => start({ TWITE_DATA_DIR: join(dataDir, 'data') }),
    'is in use by another Twite server',
  ],
  [
    'a database of a newer version',
    async () => {
      await (await start({ TWITE_DATA_DIR: join(dataDir, 'data') })).close();
      const db = new DatabaseSync(join(dataDir, 'data/twite.db'));
      db.exec('PRAGMA user_version = 1000');
      db.close();
    },
    'newer',
  ],
])('%s is one line for the operator', async (_what, prepare, words) => {
  await prepare();
  const error = await start({ TWITE_DATA_DIR: join(dataDir, 'data') }).catch((thrown: unknown) => thrown);
  expect(error).toMatchObject({ name: 'OperatorError', exitCode: 1 });
  expect((error as Error).message).toContain(words);
  expect((error as Error).message).not.toContain('\n');
});
