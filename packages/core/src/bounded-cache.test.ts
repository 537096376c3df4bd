import { expect, it } from 'vitest';
import { BoundedCache } from './bounded-cache.ts';

it('what is used stays, what is not goes', () => {
  const cache = new BoundedCache<number>(10);
  cache.set('used', 0);
  for (let n = 0; n < 100; n += 1) {
    cache.set(`n${n}`, n);
    expect(cache.get('used')).toBe(0);
  }
  const kept = Array.from({ length: 100 }, (_, n) => cache.get(`n${n}`)).filter((n) => n !== undefined);
  expect(kept.length).toBeLessThanOrEqual(10);
  expect(kept).toContain(99);
});

it('weighs what it holds, and does not hold what is too heavy', () => {
  const cache = new BoundedCache<string>(20, (text) => text.length);
  cache.set('heavy', 'x'.repeat(11));
  expect(cache.get('heavy')).toBeUndefined();
  for (const key of ['a', 'b', 'c', 'd', 'e', 'f']) cache.set(key, 'xxxxx');
  expect(['a', 'b', 'c', 'd', 'e', 'f'].filter((key) => cache.get(key)).length).toBeLessThanOrEqual(4);
});

it('forgets what it is told to forget, in both generations', () => {
  const cache = new BoundedCache<number>(4);
  for (const [key, value] of [
    ['a', 1],
    ['b', 2],
    ['c', 3],
  ] as const)
    cache.set(key, value);
  cache.delete('a');
  cache.delete('c');
  expect(['a', 'b', 'c'].map((key) => cache.get(key))).toEqual([undefined, 2, undefined]);
  cache.set('b', 4);
  expect(cache.get('b')).toBe(4);
  cache.clear();
  expect(cache.get('b')).toBeUndefined();
});

it('forgets all that it is told to forget by what they are', () => {
  const cache = new BoundedCache<number>(8);
  for (let n = 0; n < 7; n += 1) cache.set(`n${n}`, n);
  const kept = [0, 1, 2, 3, 4, 5, 6].filter((n) => cache.get(`n${n}`) !== undefined);
  cache.deleteWhere((key, n) => key === 'n4' || n % 2 === 1);
  const left = [0, 1, 2, 3, 4, 5, 6].filter((n) => cache.get(`n${n}`) !== undefined);
  expect(left).toEqual(kept.filter((n) => n !== 4 && n % 2 === 0));
});

it('counts look-ups by whether they found something, and what it holds', () => {
  const cache = new BoundedCache<number>(4);
  expect(cache).toMatchObject({ hits: 0, misses: 0, size: 0 });
  cache.set('a', 1);
  cache.set('a', 2);
  cache.set('b', 3);
  // The old generation counts as well.
  cache.set('c', 4);
  cache.get('a');
  cache.get('nothing');
  expect(cache).toMatchObject({ hits: 1, misses: 1, size: 3 });
  cache.fellShort();
  expect(cache).toMatchObject({ hits: 0, misses: 2 });
  for (let n = 0; n < 100; n += 1) cache.set(`n${n}`, n);
  expect(cache.size).toBeLessThanOrEqual(4);
  cache.clear();
  expect(cache.size).toBe(0);
});
