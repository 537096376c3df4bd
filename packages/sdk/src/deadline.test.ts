import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { abortable, delay, withDeadline } from './deadline.ts';

// Timers of the test runner must not count, so time is frozen here.
beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
});
afterEach(() => {
  vi.useRealTimers();
});

describe('a wait', () => {
  it('rejects with the reason when aborted, and leaves no timer behind', async () => {
    const controller = new AbortController();
    const waiting = delay(60_000, controller.signal);
    expect(vi.getTimerCount()).toBe(1);
    controller.abort(new Error('enough'));
    await expect(waiting).rejects.toThrow('enough');
    expect(vi.getTimerCount()).toBe(0);
    await expect(delay(60_000, AbortSignal.abort(new Error('before')))).rejects.toThrow('before');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('resolves when it is over', async () => {
    const waiting = delay(60_000, new AbortController().signal);
    vi.advanceTimersByTime(60_000);
    await waiting;
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a deadline', () => {
  it('leaves no timer behind in any case', async () => {
    const deadline = { signal: undefined, timeoutMs: 60_000, operation: 'posts.get' };
    expect(await withDeadline(deadline, async () => vi.getTimerCount())).toBe(1);
    await expect(withDeadline(deadline, () => Promise.reject(new Error('failed')))).rejects.toThrow('failed');
    expect(vi.getTimerCount()).toBe(0);
  });

  it('passes the reason of the caller to the running call', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const deadline = { signal: controller.signal, timeoutMs: 60_000, operation: 'posts.get' };
    const run = withDeadline(deadline, async ({ signal }) => {
      controller.abort(reason);
      expect(signal.reason).toBe(reason);
    });
    await expect(run).rejects.toBe(reason);
  });
});

describe('abortable', () => {
  it('settles like its promise without an abort', async () => {
    const { signal } = new AbortController();
    expect(await abortable(Promise.resolve(1), signal)).toBe(1);
    await expect(abortable(Promise.reject(new Error('failed')), signal)).rejects.toThrow('failed');
  });
});
