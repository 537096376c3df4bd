import { expect, test } from 'vitest';
import { createBatching } from './batching.ts';

/** A run that completes when told to, and the ids of all runs. */
function heldRuns() {
  const runs: { readonly ids: readonly string[]; finish(error?: Error): void }[] = [];
  const load = createBatching(async (ids) => {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    runs.push({ ids, finish: (error) => (error === undefined ? resolve() : reject(error)) });
    await promise;
    return new Map(ids.map((id) => [id, `value of ${id}`]));
  });
  return { load, runs };
}

test('a call runs at once when nothing else runs', async () => {
  const { load, runs } = heldRuns();
  const result = load(['1']);
  expect(runs.map(({ ids }) => ids)).toEqual([['1']]);
  runs[0]?.finish();
  expect((await result).get('1')).toBe('value of 1');
});

test('calls that arrive during a run share the next one, also for an id of the current run', async () => {
  const { load, runs } = heldRuns();
  const first = load(['1']);
  const others = [load(['1', '2']), load(['3']), load(['2'])];
  expect(runs).toHaveLength(1);
  runs[0]?.finish();
  await first;
  await expect.poll(() => runs.map(({ ids }) => ids)).toEqual([['1'], ['1', '2', '3']]);
  runs[1]?.finish();
  for (const result of await Promise.all(others)) expect(result.size).toBe(3);
});

test('a failed batch rejects all of its calls, and the next one runs', async () => {
  const { load, runs } = heldRuns();
  const first = load(['1']);
  const others = [load(['2']), load(['3'])];
  runs[0]?.finish(new Error('unavailable'));
  await expect(first).rejects.toThrow('unavailable');
  await expect.poll(() => runs.length).toBe(2);
  runs[1]?.finish(new Error('again'));
  for (const result of await Promise.allSettled(others)) expect(result.status).toBe('rejected');
  const last = load(['4']);
  runs[2]?.finish();
  expect((await last).get('4')).toBe('value of 4');
});

test('a batch is bounded, and a large call is not split', async () => {
  const { load, runs } = heldRuns();
  const idsOf = (from: number, count: number) => Array.from({ length: count }, (_, at) => `${from + at}`);
  const calls = [load(['first']), load(idsOf(0, 150)), load(idsOf(150, 100)), load(idsOf(250, 1_000))];
  for (let at = 0; at < 4; at += 1) {
    await expect.poll(() => runs.length).toBe(at + 1);
    runs[at]?.finish();
  }
  await Promise.all(calls);
  expect(runs.map(({ ids }) => ids.length)).toEqual([1, 150, 100, 1_000]);
});
