import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';
import { ContractError } from '@twite/contract';
import { afterEach, describe, expect, test } from 'vitest';
import type { ProcessPoolOptions } from './process-pool.ts';
import { createTestPool } from './testing/test-pool.ts';

let stack = new AsyncDisposableStack();
afterEach(async () => {
  await stack.disposeAsync();
  stack = new AsyncDisposableStack();
});

const open = (options?: Partial<ProcessPoolOptions>) => stack.use(createTestPool(options));

const describeTask = { do: 'describe' } as const;

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

test('a process answers one task after another, at the lowest priority and with an empty environment', async () => {
  process.env.TWITE_TEST_SECRET = 'secret';
  const pool = open();
  const first = await pool.run(describeTask);
  const second = await pool.run(describeTask);
  expect(second.pid).toBe(first.pid);
  expect(first.pid).not.toBe(process.pid);
  for (const priority of second.priorities) expect(priority).toBe(19);
  // tinypool adds the number of the process.
  expect(first.env).toEqual(['TINYPOOL_WORKER_ID']);
});

test('an error of a task reaches only its caller', async () => {
  const pool = open();
  const failed = pool.run({ do: 'throw', message: 'no such thing' });
  const next = pool.run(describeTask);
  await expect(failed).rejects.toThrow('no such thing');
  const { pid } = await next;
  expect(pool.pids).toEqual([pid]);
});

test('tasks beyond the queue are refused with the time to wait', async () => {
  const pool = open({ concurrency: 2, queueLimit: 4, secondsPerTask: 3 });
  const results = Array.from({ length: 9 }, () => pool.run(describeTask));
  expect(pool).toMatchObject({ isFull: true, load: { running: 2, runningMax: 2, waiting: 4, processes: 2 } });
  const outcomes = await Promise.allSettled(results);
  expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(6);
  for (const outcome of outcomes.slice(6)) {
    expect(outcome).toMatchObject({ reason: { code: 'overloaded', retryAfterSeconds: 8 } });
  }
  expect(pool).toMatchObject({ isFull: false, load: { running: 0, waiting: 0 } });
  expect(pool.pids).toHaveLength(2);
});

test('tasks that would wait too long are refused, even if the queue has room', async () => {
  const pool = open({ queueLimit: 100, secondsPerTask: 10, waitSecondsMax: 15 });
  const results = Array.from({ length: 4 }, () => pool.run(describeTask));
  expect(pool).toMatchObject({ isFull: true, load: { waiting: 2 } });
  const outcomes = await Promise.allSettled(results);
  expect(outcomes.map(({ status }) => status)).toEqual(['fulfilled', 'fulfilled', 'fulfilled', 'rejected']);
  expect(outcomes[3]).toMatchObject({ reason: { code: 'overloaded', retryAfterSeconds: 30 } });
});

describe('a process that fails its task', () => {
  test.each([
    ['ends', 'exit', 'ended'],
    ['never returns to its event loop', 'hang', 'deadline'],
    ['waits for ever', 'wait', 'deadline'],
    ['fills the heap', 'fillHeap', 'ended'],
    ['fills memory outside of the heap', 'fillBuffers', 'ended'],
  ] as const)('%s: the task fails and the queue goes on', async (_name, act, reason) => {
    const pool = open({ deadlineMs: act === 'hang' || act === 'wait' ? 2_000 : 60_000 });
    const { pid } = await pool.run(describeTask);
    const failed = pool.run({ do: act });
    const next = pool.run(describeTask);
    await expect(failed).rejects.toMatchObject({ name: 'ProcessFailure', reason });
    const after = await next;
    expect(after.pid).not.toBe(pid);
    expect(isRunning(pid)).toBe(false);
    expect(pool.pids).toEqual([after.pid]);
  });

  test('a module that does not load fails every task without waiting', async () => {
    const pool = open({ workerFile: '/no/such/module.js' });
    const outcomes = await Promise.allSettled([1, 2, 3].map(() => pool.run(describeTask)));
    for (const outcome of outcomes) expect(outcome).toMatchObject({ reason: { reason: 'ended' } });
    expect(pool.pids).toEqual([]);
  });
});

test('a process killed while idle is replaced', async () => {
  const pool = open();
  const { pid } = await pool.run(describeTask);
  process.kill(pid, 'SIGKILL');
  await expect.poll(() => pool.pids).toEqual([]);
  expect((await pool.run(describeTask)).pid).not.toBe(pid);
});

test('a process is replaced after a number of tasks', async () => {
  const pool = open({ tasksPerProcess: 2 });
  const pids: number[] = [];
  for (let index = 0; index < 5; index++) pids.push((await pool.run(describeTask)).pid);
  expect(pids[0]).toBe(pids[1]);
  expect(pids[2]).toBe(pids[3]);
  expect(new Set(pids).size).toBe(3);
});

test('processes exit when idle, and not on a signal to the process group', async () => {
  const pool = open();
  const { pid } = await pool.run(describeTask);
  process.kill(pid, 'SIGINT');
  process.kill(pid, 'SIGTERM');
  expect((await pool.run(describeTask)).pid).toBe(pid);
  const short = open({ idleMs: 1 });
  const rested = await short.run(describeTask);
  await expect.poll(() => isRunning(rested.pid)).toBe(false);
  expect(short.pids).toEqual([]);
});

test('disposing kills hanging tasks, and refuses waiting and later ones', async () => {
  const pool = open();
  const { pid } = await pool.run(describeTask);
  const outcomes = Promise.allSettled([pool.run({ do: 'hang' }), pool.run(describeTask)]);
  await pool[Symbol.asyncDispose]();
  expect(isRunning(pid)).toBe(false);
  for (const outcome of [...(await outcomes), ...(await Promise.allSettled([pool.run(describeTask)]))]) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: expect.any(ContractError) });
    expect(outcome).toMatchObject({ reason: { code: 'unavailable' } });
  }
});

describe('of the process that owns the pool', () => {
  const startScene = (scene: string, limits = '') => {
    const file = fileURLToPath(new URL('testing/pool-process.ts', import.meta.url));
    const node = [process.execPath, '--conditions=twite-source', file, scene];
    const child = spawn('sh', ['-c', `${limits} exec "\${@}"`, 'sh', ...node], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    stack.defer(() => void child.kill('SIGKILL'));
    return child;
  };

  const refused = Array.from({ length: 5 }, () => 'overloaded');

  test.each([
    ['no file descriptor is left', 'noDescriptorsLeft', 'ulimit -n 64;'],
    ['the executable cannot be started', 'noSuchExecutable', ''],
  ])('%s: nothing hangs, and it recovers and ends automatically', async (_name, scene, limits) => {
    const child = startScene(scene, limits);
    const ended = once(child, 'exit');
    expect(JSON.parse(await text(child.stdout))).toEqual({ during: refused, after: ['done'] });
    expect(await ended).toEqual([0, null]);
  });

  test.runIf(process.platform === 'linux')('its death ends a process that hangs', async () => {
    const owner = startScene('hangs');
    const [line] = await once(owner.stdout, 'data');
    const { pid } = JSON.parse(String(line)) as { pid: number };
    owner.kill('SIGKILL');
    // An exited process may stay in the list until its exit code is read.
    const state = (): string => {
      try {
        return /\) (\S)/.exec(readFileSync(`/proc/${pid}/stat`, 'utf8'))?.[1] ?? '';
      } catch {
        return '';
      }
    };
    await expect.poll(state).toMatch(/^Z?$/);
  });
});
