import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ContractError } from '@twite/contract';
import type { NewPost } from '@twite/core/posts/post-store';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { LogEvent } from '../log.ts';
import { type Gate, hasBegun, mayEnd, type testQueries } from './thread-reader.test.thread.ts';
import { createThreadReader, type ThreadReader, type ThreadReaderOptions } from './thread-reader.ts';
import { createThreadWriter } from './thread-writer.ts';
import type { Writer } from './writer.ts';

type TestReader = ThreadReader<typeof testQueries>;

let folder = '';
let writer: Writer;
const readers: TestReader[] = [];
let lines: LogEvent[] = [];

const path = () => join(folder, 'twite.db');

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'twite-reader-'));
  lines = [];
  writer = await createThreadWriter(
    { path: path(), mayMigrate: true },
    { committed: () => {}, foreignWrite: () => {} },
  );
});

afterEach(async () => {
  vi.useRealTimers();
  for (const reader of readers.splice(0)) await reader.close();
  await writer.close();
  rmSync(folder, { recursive: true });
});

function createReader(options: Partial<ThreadReaderOptions> = {}): TestReader {
  const reader: TestReader = createThreadReader({
    file: () => ({ path: path(), isUnchanging: false }),
    threadFile: new URL('./thread-reader.test.thread.ts', import.meta.url),
    log: (line) => lines.push(line),
    ...options,
  });
  readers.push(reader);
  return reader;
}

const post = (index: number): NewPost => ({
  postId: String(2_000_000_000_000_000_000n + BigInt(index)),
  authorId: '1900000000000000001',
  text: `post ${index}`,
  entities: { mentions: [], hashtags: [], urls: [] },
  visibility: 'public',
  media: [],
  createdAt: index,
});

const newGate = (): Gate => new Int32Array(new SharedArrayBuffer(8));
const begun = async (gate: Gate) => {
  await Atomics.waitAsync(gate, hasBegun, 0).value;
};
function letThrough(gate: Gate): void {
  Atomics.store(gate, mayEnd, 1);
  Atomics.notify(gate, mayEnd);
}

it('sees every write that was committed before the query', async () => {
  const reader = createReader();
  for (let count = 1; count <= 50; count += 1) {
    await writer.run('insertPost', post(count));
    expect(await reader.run('countPosts', undefined)).toBe(count);
  }
});

it('answers many concurrent queries', async () => {
  const reader = createReader();
  await writer.run('insertPost', post(1));
  const counts = Array.from({ length: 64 }, () => reader.run('countPosts', undefined));
  expect(new Set(await Promise.all(counts))).toEqual(new Set([1]));
});

it('refuses a query as overloaded while the queue is full', async () => {
  const reader = createReader({ waitingMax: 2 });
  const gate = newGate();
  const first = reader.run('waitAt', gate);
  const second = reader.run('countPosts', undefined);
  await expect(reader.run('countPosts', undefined)).rejects.toMatchObject({
    code: 'overloaded',
    retryAfterSeconds: 1,
  });
  letThrough(gate);
  expect(await Promise.all([first, second])).toEqual(['done', 0]);
  expect(await reader.run('countPosts', undefined)).toBe(0);
});

it('refuses queries as overloaded at their deadline, and never runs those that had not started', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const reader = createReader({ deadlineMs: 1_000 });
  const [underWay, waiting] = [newGate(), newGate()];
  const first = reader.run('waitAt', underWay);
  await begun(underWay);
  const second = reader.run('waitAt', waiting);
  const outcomes = Promise.allSettled([first, second]);
  vi.advanceTimersByTime(1_000);
  for (const outcome of await outcomes) {
    expect(outcome).toMatchObject({
      status: 'rejected',
      reason: { code: 'overloaded', retryAfterSeconds: 1 },
    });
  }
  letThrough(underWay);
  expect(await reader.run('countPosts', undefined)).toBe(0);
  expect(Atomics.load(waiting, hasBegun)).toBe(0);
  expect(lines).toEqual([]);
});

it('replaces a thread that hangs', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const reader = createReader({ deadlineMs: 1_000, hangMs: 5_000 });
  const gate = newGate();
  const late = reader.run('waitAt', gate).catch((error) => error);
  await begun(gate);
  vi.advanceTimersByTime(1_000);
  expect(await late).toMatchObject({ code: 'overloaded' });
  vi.advanceTimersByTime(3_500);
  const queued = reader.run('countPosts', undefined).catch((error) => error);
  vi.advanceTimersByTime(500);
  expect(await queued).toMatchObject({ code: 'unavailable' });
  expect(await reader.run('countPosts', undefined)).toBe(0);
  expect(lines).toMatchObject([{ level: 'error', msg: 'reader thread failed' }]);
});

it('a query that cannot be cloned fails alone, and does not count as hanging', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const reader = createReader({ hangMs: 5_000 });
  const [strange, plain] = await Promise.allSettled([
    reader.run('waitAt', (() => {}) as never),
    reader.run('countPosts', undefined),
  ]);
  expect(strange.status).toBe('rejected');
  expect(plain).toEqual({ status: 'fulfilled', value: 0 });
  vi.advanceTimersByTime(5_000);
  expect(await reader.run('countPosts', undefined)).toBe(0);
  expect(lines).toEqual([]);
});

it('replaces a thread that ends, and refuses its waiting queries as unavailable', async () => {
  const reader = createReader();
  const refused = await Promise.allSettled([
    reader.run('endThread', undefined),
    reader.run('countPosts', undefined),
  ]);
  for (const outcome of refused) {
    expect(outcome).toMatchObject({ status: 'rejected', reason: { code: 'unavailable' } });
  }
  expect(await reader.run('countPosts', undefined)).toBe(0);
  expect(lines).toMatchObject([{ level: 'error', msg: 'reader thread failed' }]);
});

it('a thread that cannot open the file refuses queries until the file exists', async () => {
  let isThere = false;
  const reader = createReader({
    file: () => ({ path: isThere ? path() : join(folder, 'missing.db'), isUnchanging: false }),
  });
  await expect(reader.run('countPosts', undefined)).rejects.toMatchObject({ code: 'unavailable' });
  isThere = true;
  expect(await reader.run('countPosts', undefined)).toBe(0);
});

it('errors keep their class, code and details', async () => {
  const reader = createReader();
  const refused = await reader.run('refuse', undefined).catch((error: unknown) => error);
  expect(refused).toBeInstanceOf(ContractError);
  expect(refused).toMatchObject({
    code: 'account_not_found',
    status: 404,
    message: 'nobody',
    retryAfterSeconds: 7,
  });
  await expect(reader.run('askNonsense', undefined)).rejects.toMatchObject({
    message: expect.stringContaining('no such column'),
    code: 'ERR_SQLITE_ERROR',
    errcode: 1,
  });
});

it('closing refuses waiting queries, and ends the thread after the running one', async () => {
  const reader = createReader();
  const gate = newGate();
  const underWay = reader.run('waitAt', gate);
  await begun(gate);
  const waiting = reader.run('countPosts', undefined);
  const closing = reader.close();
  await expect(underWay).rejects.toMatchObject({ code: 'unavailable' });
  await expect(waiting).rejects.toMatchObject({ code: 'unavailable' });
  letThrough(gate);
  await closing;
  await expect(reader.run('countPosts', undefined)).rejects.toMatchObject({ code: 'unavailable' });
  expect(lines).toEqual([]);
});

it('starts no thread before the first query', async () => {
  let opened = 0;
  const reader = createReader({
    file: () => {
      opened += 1;
      return { path: path(), isUnchanging: false };
    },
  });
  expect(opened).toBe(0);
  await Promise.all([reader.run('countPosts', undefined), reader.run('countPosts', undefined)]);
  expect(opened).toBe(1);
});
