import { expect, test } from 'vitest';
import { judgeClock } from './clocks.ts';
import { type Check, pass, runChecks } from './run-checks.ts';
import { isAtLeast, judgeVersion } from './versions.ts';

const check = (name: string, find: Check['find']): Check => ({ name, find, fix: 'Start it.' });

test('a check that throws or hangs fails with its fix, and delays no other check', async () => {
  const results = await runChecks(
    [
      check('slow', () => new Promise(() => {})),
      check('broken', async () => {
        throw new Error('refused\n  by the server.');
      }),
      check('fine', async () => pass('all is well')),
    ],
    20,
  );
  expect(results).toEqual([
    { name: 'slow', status: 'fail', message: 'no response within 0.02 s', fix: 'Start it.' },
    { name: 'broken', status: 'fail', message: 'refused by the server', fix: 'Start it.' },
    { name: 'fine', status: 'pass', message: 'all is well' },
  ]);
});

test('a check whose prerequisite failed says so, and does not run', async () => {
  const tried: string[] = [];
  const noted = (name: string, status: 'pass' | 'fail', needs?: string): Check => ({
    ...check(name, async () => {
      tried.push(name);
      return status === 'pass' ? pass('yes') : { status, message: 'no', fix: 'Mend it.' };
    }),
    ...(needs === undefined ? {} : { needs }),
  });
  const results = await runChecks(
    [
      noted('version', 'pass', 'service'),
      noted('service', 'fail'),
      noted('clock', 'pass', 'other'),
      noted('other', 'pass'),
    ],
    1_000,
  );
  expect(tried).toEqual(['service', 'other', 'clock']);
  expect(results.map(({ name, status }) => [name, status])).toEqual([
    ['version', 'warn'],
    ['service', 'fail'],
    ['clock', 'pass'],
    ['other', 'pass'],
  ]);
  expect(results[0]).toMatchObject({ message: 'not checked, because service failed' });
});

test.each([
  ['7.0.15', '7', true],
  ['7.0.15', '7.0', true],
  ['6.9', '7', false],
  ['10.0', '9.5', true],
  ['5.26.1', '5.23', true],
  ['3.9.99', '3.10', false],
  ['8', '8.0.1', false],
  ['9.5.3-SNAPSHOT', '9.5.3', true],
])('%s is at least %s: %s', (version, least, answer) => {
  expect(isAtLeast(version, least)).toBe(answer);
});

test('a version is too old, supported, or newer than what was tested', () => {
  const range = { least: '7', below: '9' };
  expect(judgeVersion('X', '6.2', range)).toMatchObject({ status: 'fail', message: 'X 6.2 is too old' });
  expect(judgeVersion('X', '8.9', range).status).toBe('pass');
  expect(judgeVersion('X', '9.0', range).status).toBe('warn');
});

test.each([
  [1_000_500, 'pass'],
  [999_000, 'pass'],
  [996_000, 'warn'],
  [1_004_500, 'warn'],
  [900_000, 'fail'],
  [1_100_000, 'fail'],
])('a clock with %i between 1,000,000 and 1,001,000 is a %s', (theirs, status) => {
  expect(judgeClock('it', theirs, 1_000_000, 1_001_000).status).toBe(status);
});
