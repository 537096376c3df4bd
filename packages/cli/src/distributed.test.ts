import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { serviceEnvironment, testNamespaces } from '@twite/engine-distributed/testing';
import { createTwite } from '@twite/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';

const entry = fileURLToPath(new URL('./dev.ts', import.meta.url));
const services = serviceEnvironment();
const password = 'la barricade, rue de la Chanvrerie';

const start = (env: Record<string, string>, ...args: readonly string[]): ChildProcess =>
  spawn(process.execPath, ['--conditions=twite-source', entry, ...args], {
    env: { PATH: process.env.PATH ?? '', NO_COLOR: '1', ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });

/** Runs a command line to its end. */
async function run(env: Record<string, string>, ...args: readonly string[]) {
  const child = start(env, ...args);
  const [stdout, stderr, [code]] = await Promise.all([
    text(child.stdout as NodeJS.ReadableStream),
    text(child.stderr as NodeJS.ReadableStream),
    once(child, 'close'),
  ]);
  return { stdout, stderr, code: code as number };
}

test('workers and relays require the distributed engine, and say so', async () => {
  for (const command of ['worker', 'relay']) {
    const { code, stderr } = await run({}, command);
    expect(code).not.toBe(0);
    expect(stderr).toContain('with TWITE_ENGINE=embedded, the server does this work itself');
  }
});

describe.runIf(services !== undefined)('server, worker and relay, each a process', () => {
  const namespaces = testNamespaces();
  const children: ChildProcess[] = [];
  let folder = '';
  let env: Record<string, string> = {};
  let url = '';

  /** Starts a process, and resolves with what the pattern captures from the line that reports readiness. */
  async function ready(pattern: RegExp, ...args: readonly string[]): Promise<string> {
    const child = start(env, ...args);
    children.push(child);
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      const found = pattern.exec(line)?.[0];
      if (found !== undefined) {
        child.stdout?.resume();
        return found;
      }
    }
    throw new Error(`twite ${args.join(' ')} ended`);
  }

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'twite-distributed-'));
    env = {
      ...services,
      TWITE_ENGINE: 'distributed',
      TWITE_NAMESPACE: namespaces.add(),
      TWITE_METRICS_PORT: 'off',
      XDG_CONFIG_HOME: folder,
    };
    [url = ''] = await Promise.all([
      ready(/http:\/\/127\.0\.0\.1:\d+/, 'server', '--port', '0'),
      ready(/process ready/, 'relay'),
      ready(/process ready/, 'worker'),
    ]);
    env.TWITE_URL = url;
  }, 180_000);
  afterAll(async () => {
    for (const child of children) {
      const ended = once(child, 'exit');
      child.kill('SIGTERM');
      expect(await ended).toEqual([0, null]);
    }
    await namespaces.erase();
    await rm(folder, { recursive: true, force: true });
  }, 180_000);

  const signUp = async (handle: string) => {
    const twite = createTwite({ baseUrl: url });
    const { account } = await twite.accounts.create({ handle, password });
    return { twite, account };
  };

  test('a post reaches the timelines of followers and the index', async () => {
    const [ann, bob] = [await signUp('ann'), await signUp('bob')];
    await bob.twite.accounts.follow({ accountId: ann.account.accountId });
    const { postId } = await ann.twite.posts.create({ text: 'Across processes #barricade' });
    const home = async () => (await bob.twite.timelines.home()).items.map((post) => post.postId);
    const found = async () =>
      (await bob.twite.search.posts({ q: '#barricade' })).items.map((post) => post.postId);
    await expect.poll(home).toEqual([postId]);
    await expect.poll(found).toEqual([postId]);
  });

  test('an admin is created on the services, and sees the status of the instance', async () => {
    const { twite } = await signUp('boss');
    expect(await run(env, 'admin', 'grant', 'boss')).toMatchObject({
      code: 0,
      stdout: '@boss is admin now.\n',
    });
    const reset = await run(env, 'admin', 'password', 'boss');
    expect(reset.stdout).toMatch(/\/password-reset#token=tws_[\w-]{43}\n/);
    const token = twite.session?.accessToken ?? '';
    const status = await run(env, 'status', '--json', '--token', token);
    expect(status.code, status.stderr).toBe(0);
    const told = JSON.parse(status.stdout);
    expect(told).toMatchObject({ engine: 'distributed', degraded: [] });
    const { processes } = told as { processes: { role: string }[] };
    expect(processes.map(({ role }) => role).sort()).toEqual(['relay', 'server', 'worker']);
    // The server handles none of these queues, but it knows the worker that does.
    for (const { workers } of told.queues) expect(workers).toBe(1);
  });

  test('derived data can be verified and rebuilt while the instance runs', async () => {
    for (const [args, said] of [
      [['search', 'rebuild'], /Rebuilt the index: \d+ posts and \d+ accounts\./],
      [['graph', 'rebuild'], /Rebuilt the graph: \d+ accounts and \d+ follows\./],
      [['verify'], /No differences found\./],
    ] as const) {
      const { code, stdout, stderr } = await run(env, 'admin', ...args);
      expect(stderr).not.toContain('Error');
      expect(stdout).toMatch(said);
      expect(code).toBe(0);
    }
  });

  test('the error for an unknown consumer names it and lists the existing ones', async () => {
    const { code, stderr } = await run(env, 'worker', '--consumers', 'fanOut,laundry');
    expect(code).not.toBe(0);
    expect(stderr).toContain('unknown consumer: laundry. The consumers are fanOut, searchIndex');
  });

  test('an unavailable store is reported in one line, without its password', async () => {
    const wrong = { ...env, TWITE_MONGODB_URL: 'mongodb://user:secret@127.0.0.1:9/?directConnection=true' };
    const { code, stderr } = await run(wrong, 'admin', 'verify');
    expect(code).not.toBe(0);
    expect(stderr).toMatch(
      /^MongoDB does not answer at 127\.0\.0\.1:9, or refuses us: .*TWITE_MONGODB_URL\.\n$/,
    );
  });

  test('a worker waits for it, logs the reason, and stops on a signal', async () => {
    const wrong = { ...env, TWITE_MONGODB_URL: 'mongodb://user:secret@127.0.0.1:9/?directConnection=true' };
    const child = start(wrong, 'worker');
    const ended = once(child, 'close');
    const lines: string[] = [];
    for await (const line of createInterface({ input: child.stdout as NodeJS.ReadableStream })) {
      lines.push(line);
      if (/MongoDB does not answer at 127\.0\.0\.1:9.*start delayed/.test(line)) child.kill('SIGTERM');
    }
    expect((await ended)[0]).toBe(0);
    expect(lines.join('\n')).not.toContain('secret');
  });
});
