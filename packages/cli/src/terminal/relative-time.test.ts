import { expect, test } from 'vitest';
import { relativeTime } from './relative-time.ts';

const now = Date.parse('2026-11-23T12:00:00.000Z');

test.each([
  ['2026-11-23T12:00:03.000Z', 'just now'],
  ['2026-11-23T11:59:58.000Z', 'just now'],
  ['2026-11-23T11:59:20.000Z', '40 s ago'],
  ['2026-11-23T11:01:00.000Z', '59 min ago'],
  ['2026-11-22T13:00:00.000Z', '23 h ago'],
  ['2026-11-17T12:00:00.000Z', '6 d ago'],
  ['2026-11-16T12:00:00.000Z', '2026-11-16'],
  ['not a time', 'not a time'],
])('%s is %s', (timestamp, told) => {
  expect(relativeTime(timestamp, now)).toBe(told);
});
