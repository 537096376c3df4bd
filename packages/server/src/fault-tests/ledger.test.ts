import { expect, test } from 'vitest';
import { Ledger } from './ledger.ts';

const page = { items: [], nextCursor: null };
const markAt = (at: number) => ({ askedAt: at, at, server: 0 });

function followed(): Ledger {
  const ledger = new Ledger();
  ledger.posted('1', 'ann', markAt(1));
  ledger.changing('follows', 'bob', 'ann');
  ledger.changed('follows', 'bob', 'ann', true, markAt(2));
  return ledger;
}

test('a missing post of a followed account is reported', () => {
  expect(followed().wrongIn('bob', page, { from: 5, to: 6, server: 0 })).toEqual([
    '1 of somebody followed is missing, 3 ms before the read, by the same server',
  ]);
});

test('a post is not missing during or after a block', () => {
  const ledger = followed();
  ledger.changing('blocks', 'ann', 'bob');
  const now = performance.now();
  const read = { from: now, to: now + 1, server: 0 };
  expect(ledger.wrongIn('bob', page, read)).toEqual([]);
  ledger.changed('blocks', 'ann', 'bob', true, markAt(now + 2));
  expect(ledger.wrongIn('bob', page, read)).toEqual([]);
});

test('a refused block hides nothing', () => {
  const ledger = followed();
  ledger.changing('blocks', 'ann', 'bob');
  ledger.refused('blocks', 'ann', 'bob');
  expect(ledger.wrongIn('bob', page, { from: 5, to: 6, server: 0 })).toHaveLength(1);
});
