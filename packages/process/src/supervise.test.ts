import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { restartDelayMs } from './supervise.ts';

const module = (name: string): string => JSON.stringify(join(import.meta.dirname, `${name}.ts`));
let stack: AsyncDisposableStack;
let folder: string;
beforeEach(async () => {
  stack = new AsyncDisposableStack();
  folder = await mkdtemp(join(tmpdir(), 'twite-supervise-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
});
afterEach(() => stack.disposeAsync());

/** A supervisor as a separate process, with a child that writes its pid to `pids` and then does `work`. */
async function superviseChild(work: string) {
  const pidFile = join(folder, 'pids');
  await writeFile(pidFile, '');
  await writeFile(
    join(folder, 'child.mjs'),
    `import { appendFileSync, readFileSync } from 'node:fs';
     const { followParent, tellSupervisor } = await import(${module('follow-parent')});
     followParent();
     appendFileSync('${pidFile}', process.pid + '\\n');
     const run = readFileSync('${pidFile}', 'utf8').trim().split('\\n').length;
     const serve = () => { setInterval(() => {}, 60_000); tellSupervisor({ twite: 'ready' }); };
     ${work}`,
  );
  await writeFile(
    join(folder, 'supervisor.mjs'),
    `const { supervise } = await import(${module('supervise')});
     const policy = { firstDelayMs: 4, longestDelayMs: 16, healthyMs: 60_000, random: () => 0.5 };
     process.exitCode = await supervise({ module: '${folder}/child.mjs', args: [] }, policy);`,
  );
  const supervisor = spawn(process.execPath, ['--conditions=twite-source', join(folder, 'supervisor.mjs')], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let stderr = '';
  supervisor.stderr.on('data', (chunk) => {
    stderr += chunk;
  });
  const closed = once(supervisor, 'close').then(([code]) => code as number | null);
  const pids = async () => (await readFile(pidFile, 'utf8')).split('\n').filter(Boolean).map(Number);
  stack.defer(async () => {
    supervisor.kill('SIGKILL');
    for (const pid of await pids()) if (isAlive(pid)) process.kill(pid, 'SIGKILL');
  });
  return { supervisor, closed, pids, stderr: () => stderr };
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

const poll = { interval: 5, timeout: 20_000 };

test('a child that fails after it served is restarted, with growing delays, until it exits normally', async () => {
  const { closed, pids, stderr } = await superviseChild(`
    serve();
    if (run === 4) process.exit(0);
    tellSupervisor({ twite: 'failed', reason: 'fsync failed' });
    process.exit(1);`);
  expect(await closed).toBe(0);
  expect(await pids()).toHaveLength(4);
  expect(stderr().match(/the server exited \(fsync failed\); restarting in 0\.0 s/g)).toHaveLength(3);
});

test('a killed child is restarted', async () => {
  const { pids, stderr, supervisor, closed } = await superviseChild(`
    serve();
    if (run === 1) process.kill(process.pid, 'SIGKILL');`);
  await expect.poll(pids, poll).toHaveLength(2);
  expect(stderr()).toContain('the server exited (killed by SIGKILL)');
  supervisor.kill('SIGTERM');
  await closed;
});

test.each([
  ['ended with code 2 before it served', 'process.exit(2);', 2],
  ['refused to start', `serve(); tellSupervisor({ twite: 'refused' }); process.exit(1);`, 1],
])('a child that %s is not restarted, and its exit code is kept', async (_what, work, code) => {
  const { closed, pids, stderr } = await superviseChild(work);
  expect(await closed).toBe(code);
  expect(await pids()).toHaveLength(1);
  expect(stderr()).toBe('');
});

test.each(['SIGTERM', 'SIGINT', 'SIGHUP'] as const)(
  '%s reaches the child, whose exit code counts',
  async (signal) => {
    const { supervisor, closed, pids } = await superviseChild(`
    for (const signal of ['SIGTERM', 'SIGINT']) process.on(signal, () => process.exit(7));
    serve();
    appendFileSync('${folder}/ready', '');`);
    await expect.poll(() => readFile(`${folder}/ready`).catch(() => undefined), poll).toBeDefined();
    supervisor.kill(signal);
    expect(await closed).toBe(7);
    expect((await pids()).filter(isAlive)).toEqual([]);
  },
);

test('a child ends when its supervisor is killed', async () => {
  const { supervisor, pids } = await superviseChild('serve();');
  await expect.poll(pids, poll).toHaveLength(1);
  supervisor.kill('SIGKILL');
  const [pid = 0] = await pids();
  await expect.poll(() => isAlive(pid), poll).toBe(false);
});

test('a signal between two starts ends the supervisor', async () => {
  const { supervisor, closed, stderr } = await superviseChild(`
    serve();
    process.exit(1);`);
  await expect.poll(stderr, poll).toContain('restarting in');
  supervisor.kill('SIGTERM');
  await closed;
  expect(supervisor.signalCode).toBe(null);
});

test('delays double up to a maximum, with 25 % jitter', () => {
  const policy = { firstDelayMs: 1_000, longestDelayMs: 60_000, healthyMs: 60_000 };
  const delays = (random: number) =>
    [1, 2, 3, 6, 7, 1_000].map((failures) => restartDelayMs(failures, { ...policy, random: () => random }));
  expect(delays(0.5)).toEqual([1_000, 2_000, 4_000, 32_000, 60_000, 60_000]);
  expect(delays(0)).toEqual([750, 1_500, 3_000, 24_000, 45_000, 45_000]);
  expect(delays(0.999).every((delay, index) => delay > (delays(0.5)[index] ?? 0))).toBe(true);
});
