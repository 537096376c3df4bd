import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { freePort } from '@twite/engine-distributed/testing';
import { afterEach, beforeEach, expect, test } from 'vitest';

const entry = fileURLToPath(new URL('./dev.ts', import.meta.url));

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twite-up-'));
});

/** Processes started by a test. */
const children = new Set<ChildProcess>();
function owned<T extends ChildProcess>(child: T): T {
  children.add(child);
  return child;
}

// A failed test leaves its server running, whose open stderr would keep vitest from exiting.
afterEach(async () => {
  for (const child of children) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    const ended = once(child, 'exit');
    const below = await descendants(child.pid ?? 0);
    child.kill('SIGKILL');
    for (const pid of below.filter(isAlive)) process.kill(pid, 'SIGKILL');
    await ended;
  }
  children.clear();
  await rm(folder, { recursive: true, force: true });
});

const up = (...args: readonly string[]) =>
  owned(
    spawn(process.execPath, ['--conditions=twite-source', entry, 'up', '--empty', ...args], {
      env: {
        PATH: process.env.PATH ?? '',
        TWITE_PORT: '0',
        TWITE_METRICS_PORT: 'off',
        TWITE_LOG_LEVEL: 'silent',
      },
      stdio: ['ignore', 'pipe', 'inherit'],
    }),
  );

test.each([[['--json']], [[]]])('a server is up with %o until it is told to end', async (args) => {
  const child = up('--data-dir', join(folder, 'data'), ...args);
  const ended = once(child, 'exit');
  let url: string | undefined;
  for await (const line of createInterface({ input: child.stdout })) {
    url = /http:\/\/127\.0\.0\.1:\d+/.exec(line)?.[0];
    if (url) break;
  }
  expect((await fetch(`${url}/readyz`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
});

/** All descendants of a process, nearest first. */
async function descendants(pid: number): Promise<number[]> {
  const ps = spawn('ps', ['-eo', 'pid=,ppid='], { stdio: ['ignore', 'pipe', 'inherit'] });
  const rows = (await text(ps.stdout))
    .trim()
    .split('\n')
    .map((row) => row.trim().split(/\s+/).map(Number));
  const childrenOf = (parent: number): number[] =>
    rows.filter(([, of]) => of === parent).flatMap(([child = 0]) => [child, ...childrenOf(child)]);
  return childrenOf(pid);
}

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

const isOpen = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });

const quoted = (argument: string): string => `'${argument}'`;

// `:` keeps the shell from replacing itself with the command: it stays in between, as it does for `npx` on some
// systems.
test.each([
  ['npm exec', 'SIGTERM', ''],
  ['npm exec, with a shell in between,', 'SIGTERM', '; :'],
  ['npm exec, with a shell in between,', 'SIGKILL', '; :'],
] as const)(
  '%s leaves nothing behind on %s',
  async (_parent, signal, suffix) => {
    const port = await freePort();
    const server = [
      process.execPath,
      '--conditions=twite-source',
      entry,
      'up',
      '--empty',
      '--port',
      `${port}`,
    ];
    const command = [...server, '--data-dir', join(folder, 'data')].map(quoted).join(' ') + suffix;
    const npm = owned(
      spawn('npm', ['exec', '-c', command], {
        env: {
          PATH: process.env.PATH ?? '',
          HOME: folder,
          TWITE_METRICS_PORT: 'off',
          npm_config_update_notifier: 'false',
        },
        stdio: ['ignore', 'pipe', 'inherit'],
        cwd: folder,
      }),
    );
    for await (const line of createInterface({ input: npm.stdout })) if (line.includes('ready at')) break;
    expect(await isOpen(port)).toBe(true);
    const pids = await descendants(npm.pid ?? 0);
    expect(pids.length).toBeGreaterThanOrEqual(suffix ? 3 : 2);
    npm.kill(signal);
    await expect.poll(() => pids.filter(isAlive), { timeout: 20_000 }).toEqual([]);
    expect(await isOpen(port)).toBe(false);
  },
  60_000,
);

test('a failed server is restarted, and SIGTERM still ends it with code 0', async () => {
  const child = up('--data-dir', join(folder, 'data'), '--json');
  const ended = once(child, 'exit');
  let output = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const urls = () => [...output.matchAll(/"url": "([^"]+)"/g)].map(([, url]) => url);
  await expect.poll(urls, { timeout: 20_000 }).toHaveLength(1);
  const [server = 0] = await descendants(child.pid ?? 0);
  process.kill(server, 'SIGKILL');
  await expect.poll(urls, { timeout: 20_000 }).toHaveLength(2);
  expect((await fetch(`${urls()[1]}/readyz`)).status).toBe(200);
  child.kill('SIGTERM');
  expect(await ended).toEqual([0, null]);
}, 60_000);

test('a server with a failed disk is restarted, and acknowledged writes are kept', async () => {
  // To SQLite, a write beyond the limit is a disk error, like a failed fsync.
  const limited = `ulimit -f 2048; exec "$0" "$@"`;
  const command = [process.execPath, '--conditions=twite-source', entry, 'up', '--empty', '--json'];
  const child = owned(
    spawn('bash', ['-c', limited, ...command, '--data-dir', join(folder, 'data')], {
      env: {
        PATH: process.env.PATH ?? '',
        TWITE_PORT: '0',
        TWITE_METRICS_PORT: 'off',
        TWITE_RATE_LIMITS: 'off',
        TWITE_TEXT_MAX: '5000',
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    }),
  );
  const ended = once(child, 'exit');
  let output = '';
  let errors = '';
  child.stdout.on('data', (chunk) => {
    output += chunk;
  });
  child.stderr.on('data', (chunk) => {
    errors += chunk;
  });
  const urls = () => [...output.matchAll(/"url": "([^"]+)"/g)].map(([, url]) => url);
  await expect.poll(urls, { timeout: 20_000 }).toHaveLength(1);
  const post = (path: string, body: unknown, token?: string) =>
    fetch(`${urls().at(-1)}/v1${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(token && { authorization: `Bearer ${token}` }) },
      body: JSON.stringify(body),
    });
  const signUp = await post('/accounts', { handle: 'cosette', password: 'rue plumet 1832' });
  const { session } = (await signUp.json()) as { session: { accessToken: string } };
  const written: string[] = [];
  for (;;) {
    const response = await post('/posts', { text: 'x'.repeat(5_000) }, session.accessToken).catch(
      () => undefined,
    );
    if (response?.status !== 201) break;
    written.push(((await response.json()) as { postId: string }).postId);
  }
  await expect.poll(() => errors, { timeout: 20_000 }).toContain('restarting in');
  expect(errors).toMatch(/^twite: the server exited \(writing the database failed: .+\); restarting in/m);
  child.kill('SIGTERM');
  await ended;

  const healthy = up('--data-dir', join(folder, 'data'), '--json');
  const healthyEnded = once(healthy, 'exit');
  healthy.stdout.on('data', (chunk) => {
    output += chunk;
  });
  const before = urls().length;
  await expect.poll(() => urls().length, { timeout: 20_000 }).toBeGreaterThan(before);
  expect(written).not.toEqual([]);
  for (const postId of written) expect((await fetch(`${urls().at(-1)}/v1/posts/${postId}`)).status).toBe(200);
  healthy.kill('SIGTERM');
  expect(await healthyEnded).toEqual([0, null]);
}, 60_000);

test('a port in use and an invalid configuration are not retried', async () => {
  const taken = createServer().listen(0, '127.0.0.1');
  await once(taken, 'listening');
  const { port } = taken.address() as AddressInfo;
  const portTaken = up('--data-dir', join(folder, 'data'), `--port=${port}`);
  expect(await once(portTaken, 'exit')).toEqual([1, null]);
  taken.close();
  const wrong = owned(
    spawn(process.execPath, ['--conditions=twite-source', entry, 'up'], {
      env: { PATH: process.env.PATH ?? '', TWITE_PORT: 'eighty' },
      stdio: 'ignore',
    }),
  );
  expect(await once(wrong, 'exit')).toEqual([2, null]);
}, 60_000);
