import { expect, it } from 'vitest';
import { createCoalescing } from './coalescing.ts';

interface Version {
  readonly version: number;
}

/** A source whose reads end on request, with the content it had when they began. */
function aSource() {
  let version = 1;
  const reads: (() => void)[] = [];
  return {
    write: () => {
      version += 1;
    },
    read: () => {
      const value = { version };
      const { promise, resolve } = Promise.withResolvers<Version>();
      reads.push(() => resolve(value));
      return promise;
    },
    reads,
  };
}

it('fifty who ask at once cause two loads, and get what was written before they asked', async () => {
  const load = createCoalescing<Version>();
  const source = aSource();
  const first = load('key', source.read);
  source.write();
  const others = Array.from({ length: 49 }, () => load('key', source.read));
  expect(source.reads).toHaveLength(1);
  source.reads[0]?.();
  expect(await first).toEqual({ version: 1 });
  await expect.poll(() => source.reads.length).toBe(2);
  source.write();
  const last = load('key', source.read);
  source.reads[1]?.();
  expect(await Promise.all(others)).toEqual(Array(49).fill({ version: 2 }));
  await expect.poll(() => source.reads.length).toBe(3);
  source.reads[2]?.();
  expect(await last).toEqual({ version: 3 });
});

it('a load that fails does not fail the next one', async () => {
  const load = createCoalescing<Version>();
  const { promise, reject } = Promise.withResolvers<Version>();
  const first = load('key', () => promise);
  const second = load('key', async () => ({ version: 2 }));
  reject(new Error('lost'));
  await expect(first).rejects.toThrow('lost');
  expect(await second).toEqual({ version: 2 });
});

it('keys do not wait for each other', async () => {
  const load = createCoalescing<Version>();
  const source = aSource();
  const one = load('one', source.read);
  expect(await load('other', async () => ({ version: 7 }))).toEqual({ version: 7 });
  source.reads[0]?.();
  expect(await one).toEqual({ version: 1 });
});
