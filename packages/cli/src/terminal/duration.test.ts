import { expect, test } from 'vitest';
import { duration } from './duration.ts';

test.each([
  [0, '0 ms'],
  [0.44, '0.4 ms'],
  [9.96, '10 ms'],
  [12.3, '12 ms'],
  [999.7, '1 s'],
  [59_400, '59 s'],
  [59_900, '1 min'],
  [3_600_000, '1 h'],
  [3 * 86_400_000, '3 d'],
])('%d ms is shown as %s', (ms, told) => {
  expect(duration(ms)).toBe(told);
});
