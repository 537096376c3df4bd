import { expect, test } from 'vitest';
import { type BatchingOptions, createBatching } from './batching.ts';

/** A run that completes when told to, and the ids of all runs. */
function heldRuns(options: BatchingOptions = {}) {
  const runs: { readonly ids: readonly string[]; finish(error?: Error): void }[] = [];
  const load = createBatching(async (ids) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    runs.push({ ids, finish: (error) => (error === undefined ? resolve() : reject(error)) });
    await promise;
    return new Map(ids.map((id) => [id, `value of ${id}`]));
  }, options);
  return { load, runs };
}

test('calls of one turn run together, at once when nothing else runs', async () => {
  const { load, runs } = heldRuns();
  const results = [load(['1']), load(['2', '1'])];
  await expect.poll(() => runs.map(({ ids }) => ids)).toEqual([['1', '2']]);
  runs[0]?.finish();
  expect((await Promise.all(results)).map((result) => [...result.keys()].sort())).toEqual([
    ['1'],
    ['1', '2'],
  ]);
});

test('calls that arrive during a run share the next one, also for an id of the current run', async () => {
  const { load, runs } = heldRuns();
  const first = load(['1']);
  await expect.poll(() => runs.length).toBe(1);
  const others = [load(['1', '2']), load(['3']), load(['2'])];
  runs[0]?.finish();
  await first;
  await expect.poll(() => runs.map(({ ids }) => ids)).toEqual([['1'], ['1', '2', '3']]);
  runs[1]?.finish();
  expect((await Promise.all(others)).map(({ size }) => size)).toEqual([2, 1, 1]);
});

test('a failed batch rejects all of its calls, and the next one runs', async () => {
  const { load, runs } = heldRuns();
  const first = load(['1']);
  await expect.poll(() => runs.length).toBe(1);
  const others = [load(['2']), load(['3'])];
  runs[0]?.finish(new Error('unavailable'));
  await expect(first).rejects.toThrow('unavailable');
  await expect.poll(() => runs.length).toBe(2);
  runs[1]?.finish(new Error('again'));
  for (const result of await Promise.allSettled(others)) expect(result.status).toBe('rejected');
  const last = load(['4']);
  await expect.poll(() => runs.length).toBe(3);
  runs[2]?.finish();
  expect((await last).get('4')).toBe('value of 4');
});

test('a batch is bounded, and a large call is not split', async () => {
  const { load, runs } = heldRuns();
  const idsOf = (from: number, count: number) => Array.from({ length: count }, (_, at) => `${from + at}`);
  const first = load(['first']);
  await expect.poll(() => runs.length).toBe(1);
  const calls = [first, load(idsOf(0, 150)), load(idsOf(150, 100)), load(idsOf(250, 1_000))];
  for (let at = 0; at < 4; at += 1) {
    await expect.poll(() => runs.length).toBe(at + 1);
    runs[at]?.finish();
  }
  await Promise.all(calls);
  expect(runs.map(({ ids }) => ids.length)).toEqual([1, 150, 100, 1_000]);
});

test('as many batches run at once as may', async () => {
  const { load, runs } = heldRuns({ concurrency: 2 });
  const calls: Promise<unknown>[] = [];
  for (const id of ['1', '2', '3', '4']) {
    calls.push(load([id]));
    await new Promise((resolve) => setImmediate(resolve));
  }
  expect(runs.map(({ ids }) => ids)).toEqual([['1'], ['2']]);
  runs[1]?.finish();
  await expect.poll(() => runs.map(({ ids }) => ids)).toEqual([['1'], ['2'], ['3', '4']]);
  runs[0]?.finish();
  runs[2]?.finish();
  await Promise.all(calls);
});
