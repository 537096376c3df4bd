import { expect, test } from 'vitest';
import { closestCommand } from './closest-command.ts';

const ids = ['timeline', 'post', 'post:show', 'follow', 'unfollow', 'whoami'];

test.each([
  ['tmeline', 'timeline'],
  ['Timeline', 'timeline'],
  ['folow', 'follow'],
  ['psot', 'post'],
  ['post:shwo', 'post:show'],
  ['xyz', undefined],
  ['t'.repeat(1000), undefined],
])('%s suggests %s', (typed, meant) => {
  expect(closestCommand(typed, ids)).toBe(meant);
});
