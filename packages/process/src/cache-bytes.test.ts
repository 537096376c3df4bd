import { expect, test } from 'vitest';
import { cacheBytesOf } from './cache-bytes.ts';
import { loadConfig } from './config/load-config.ts';

const MiB = 1024 * 1024;

test('caches take 256 MiB, or a quarter of a small heap, unless the operator says otherwise', () => {
  const unset = loadConfig({});
  expect(cacheBytesOf(unset, 4_096 * MiB)).toBe(256 * MiB);
  expect(cacheBytesOf(unset, 128 * MiB)).toBe(32 * MiB);
  expect(cacheBytesOf(loadConfig({ TWITE_CACHE_BYTES: '10485760' }), 128 * MiB)).toBe(10 * MiB);
});
