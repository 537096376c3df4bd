import { describe, expect, test } from 'vitest';
import { createTimelineRebuilds } from './timeline-rebuilds.ts';

/** A rebuild that ends on demand. */
function aRebuild() {
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  let runs = 0;
  return {
    run: () => {
      runs += 1;
      return promise;
    },
    end: resolve,
    fail: reject,
    runs: () => runs,
  };
}

describe('rebuilds of timelines', () => {
  test('thirty concurrent reads of a cold timeline share one rebuild', async () => {
    const rebuilds = createTimelineRebuilds();
    const rebuild = aRebuild();
    const reads = Array.from({ length: 30 }, () => rebuilds.run('one', rebuild.run));
    rebuild.end();
    expect(await Promise.all(reads)).toEqual(Array(30).fill(true));
    expect(rebuild.runs()).toBe(1);
    await rebuilds.run('one', rebuild.run);
    expect(rebuild.runs()).toBe(2);
  });

  test('eight run concurrently, and a ninth is refused until one has ended', async () => {
    const rebuilds = createTimelineRebuilds();
    const running = Array.from({ length: 8 }, aRebuild);
    const reads = running.map(({ run }, index) => rebuilds.run(`account ${index}`, run));
    const ninth = aRebuild();
    expect(await rebuilds.run('ninth', ninth.run)).toBe(false);
    expect(ninth.runs()).toBe(0);
    running[3]?.end();
    await reads[3];
    ninth.end();
    expect(await rebuilds.run('ninth', ninth.run)).toBe(true);
    for (const { end } of running) end();
    await Promise.all(reads);
  });

  test('a failed rebuild fails for all waiting reads, and releases its slot', async () => {
    const rebuilds = createTimelineRebuilds();
    const rebuild = aRebuild();
    const reads = [rebuilds.run('one', rebuild.run), rebuilds.run('one', rebuild.run)];
    rebuild.fail(new Error('no database'));
    for (const read of reads) await expect(read).rejects.toThrow('no database');
    const next = aRebuild();
    next.end();
    expect(await rebuilds.run('one', next.run)).toBe(true);
  });

  test('a job is enqueued at most once a minute for an account', () => {
    let now = 0;
    const rebuilds = createTimelineRebuilds(() => now);
    expect(rebuilds.mayEnqueue('one')).toBe(true);
    expect(rebuilds.mayEnqueue('other')).toBe(true);
    now = 59_999;
    expect(rebuilds.mayEnqueue('one')).toBe(false);
    now = 60_000;
    expect(rebuilds.mayEnqueue('one')).toBe(true);
    expect(rebuilds.mayEnqueue('one')).toBe(false);
  });
});
