import { expect, test } from 'vitest';
import { readAccountName } from './account-name.ts';

test.each([
  ['cosette', { handle: 'cosette' }],
  ['@cosette', { handle: 'cosette' }],
  ['1855647289012345678', { accountId: '1855647289012345678' }],
  ['@1855647289012345678', { handle: '1855647289012345678' }],
  ['12', { handle: '12' }],
])('%s names %o', (name, meant) => {
  expect(readAccountName(name)).toEqual(meant);
});

test.each(['', '@', '@@a', 'a b', '../admin', 'x'.repeat(31)])('%j names nobody', (name) => {
  expect(() => readAccountName(name)).toThrow('is not an account');
});
