import { observeNothing } from '@twite/core/measures/engine-observer';
import { Unavailable } from '@twite/core/unavailable';
import { expect, test, vi } from 'vitest';
import { createDependency } from './dependency.ts';

class Away extends Error {}

const make = (ping: () => Promise<unknown> = async () => undefined, deadlineMs = 1_000) =>
  createDependency({
    name: 'redis',
    degrades: 'Everything is slower.',
    deadlineMs,
    isUnavailable: (error) => error instanceof Away,
    ping,
    log: () => {},
  });

const failing = async (): Promise<never> => {
  throw new Away('gone');
};

test('responses and product errors are passed on', async () => {
  const { call } = make();
  expect(await call(async () => 1)).toBe(1);
  const bug = new TypeError('ours');
  await expect(call(() => Promise.reject(bug))).rejects.toBe(bug);
});

test('an outage is reported as unavailable, with the name of the dependency', async () => {
  await expect(make().call(failing)).rejects.toMatchObject({
    code: 'unavailable',
    status: 503,
    dependency: 'redis',
  });
});

test('a hanging call takes no longer than the deadline', async () => {
  const { call, status } = make(() => new Promise(() => {}), 20);
  await expect(call(() => new Promise(() => {}))).rejects.toBeInstanceOf(Unavailable);
  expect(await status()).toMatchObject({ state: 'down', latencyMs: null, degraded: 'Everything is slower.' });
});

test('after half of twenty calls failed, calls are rejected until a ping succeeds', async () => {
  vi.useFakeTimers();
  try {
    let isUp = false;
    let pings = 0;
    const dependency = make(async () => {
      pings++;
      if (!isUp) throw new Away('gone');
    });
    let asked = 0;
    const answer = async () => {
      asked++;
    };
    for (let index = 0; index < 10; index++) await dependency.call(answer);
    for (let index = 0; index < 10; index++)
      await expect(dependency.call(failing)).rejects.toThrow(Unavailable);
    // The sampling window advances by the second.
    vi.advanceTimersByTime(2_000);
    for (let index = 0; index < 20 && !dependency.isOpen; index++) {
      await expect(dependency.call(failing)).rejects.toThrow(Unavailable);
    }
    expect(dependency.isOpen).toBe(true);
    const before = asked;
    await expect(dependency.call(answer)).rejects.toThrow(Unavailable);
    expect(asked).toBe(before);
    // Pings test it; no request is used as a probe.
    await vi.advanceTimersByTimeAsync(5_001);
    expect([pings, dependency.isOpen]).toEqual([1, true]);
    await expect(dependency.call(answer)).rejects.toThrow(Unavailable);
    expect(asked).toBe(before);
    isUp = true;
    await vi.advanceTimersByTimeAsync(5_000);
    expect([pings, dependency.isOpen]).toEqual([2, false]);
    await dependency.call(answer);
    expect(asked).toBe(before + 1);
    // Once the breaker is closed, no more pings are needed.
    await vi.advanceTimersByTimeAsync(60_000);
    expect(pings).toBe(2);
  } finally {
    vi.useRealTimers();
  }
});

test('product errors do not open the breaker', async () => {
  const dependency = make();
  for (let index = 0; index < 50; index++) {
    await expect(dependency.call(() => Promise.reject(new TypeError('ours')))).rejects.toThrow(TypeError);
  }
  expect(dependency.isOpen).toBe(false);
});

test('nor does an outage of another dependency', async () => {
  const dependency = make();
  const other = new Unavailable('mongodb');
  for (let index = 0; index < 50; index++) {
    await expect(dependency.call(() => Promise.reject(other))).rejects.toBe(other);
  }
  expect(dependency.isOpen).toBe(false);
});

test('a guarded port behaves like the port, and keeps its this', async () => {
  class Port {
    readonly #value = 7;
    readonly name = 'port';
    async read(): Promise<number> {
      return this.#value;
    }
    async fail(): Promise<never> {
      throw new Away();
    }
  }
  const port = make().guard(new Port());
  expect(port.name).toBe('port');
  expect(await port.read()).toBe(7);
  await expect(port.fail()).rejects.toBeInstanceOf(Unavailable);
});

test('each call is observed with its outcome and time, as is each rejected call', async () => {
  vi.useFakeTimers();
  try {
    const told: unknown[] = [];
    const dependency = createDependency({
      name: 'redis',
      degrades: '',
      deadlineMs: 1_000,
      isUnavailable: (error) => error instanceof Away,
      ping: async () => {},
      log: () => {},
      observe: {
        ...observeNothing,
        called: (name, outcome, seconds) => told.push([name, outcome, seconds]),
        notCalled: (name) => told.push([name, 'not called']),
      },
    });
    const after = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
    const answer = dependency.call(() => after(250));
    await vi.advanceTimersByTimeAsync(250);
    await answer;
    const late = expect(dependency.call(() => after(5_000))).rejects.toThrow(Unavailable);
    await vi.advanceTimersByTimeAsync(1_000);
    await late;
    await expect(dependency.call(failing)).rejects.toThrow(Unavailable);
    await expect(dependency.call(() => Promise.reject(new TypeError('ours')))).rejects.toThrow(TypeError);
    // An outage of another dependency says nothing about this one.
    const other = new Unavailable('mongodb');
    await expect(dependency.call(() => Promise.reject(other))).rejects.toBe(other);
    await dependency.status();
    expect(told).toEqual([
      ['redis', 'answered', 0.25],
      ['redis', 'unavailable', 1],
      ['redis', 'unavailable', 0],
      ['redis', 'failed', 0],
    ]);
    for (let times = 0; times < 60 && !dependency.isOpen; times += 1) {
      await dependency.call(failing).catch(() => {});
      await vi.advanceTimersByTimeAsync(100);
    }
    told.length = 0;
    await expect(dependency.call(async () => 1)).rejects.toThrow(Unavailable);
    expect(told).toEqual([['redis', 'not called']]);
  } finally {
    vi.useRealTimers();
  }
});
