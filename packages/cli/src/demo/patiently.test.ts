import { RateLimitedError, UnavailableError } from '@twite/sdk';
import { expect, test } from 'vitest';
import { patiently } from './patiently.ts';

const limited = (retryAfterSeconds: number | undefined) =>
  new RateLimitedError({
    status: 429,
    code: 'rate_limited',
    title: 'Too many requests',
    detail: 'Wait.',
    requestId: 'r1',
    errors: [],
    retryAfterSeconds,
  });

const answers = (list: readonly unknown[]) => {
  const left = [...list];
  return async () => {
    const next = left.shift();
    if (next instanceof Error) throw next;
    return next;
  };
};

test('it waits as long and as often as the server asks', async () => {
  const waits: number[] = [];
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  expect(await patiently(answers([limited(2), limited(60), 'done']), wait as never)).toBe('done');
  expect(waits).toEqual([2_000, 60_000]);
});

test.each([61, 3600, undefined])(
  'a wait of %s s is too long, and the error says how to continue',
  async (seconds) => {
    await expect(patiently(answers([limited(seconds)]))).rejects.toThrow('TWITE_RATE_LIMITS=off');
  },
);

const overloaded = new UnavailableError({
  status: 503,
  code: 'overloaded',
  title: 'Overloaded',
  detail: 'Too much is being worked on right now.',
  requestId: 'r2',
  errors: [],
  retryAfterSeconds: 2,
});

test('it waits while the server is overloaded, but not indefinitely', async () => {
  const waits: number[] = [];
  const wait = async (milliseconds: number) => void waits.push(milliseconds);
  expect(await patiently(answers([overloaded, overloaded, 'done']), wait as never)).toBe('done');
  expect(waits).toEqual([2_000, 2_000]);
  await expect(patiently(() => Promise.reject(overloaded), wait as never)).rejects.toBe(overloaded);
  expect(waits.length).toBeLessThan(100);
});

test('other errors are thrown unchanged', async () => {
  await expect(patiently(answers([new Error('other')]))).rejects.toThrow('other');
});
