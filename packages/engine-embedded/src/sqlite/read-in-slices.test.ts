import { expect, it } from 'vitest';
import { ROWS_AT_ONCE, readInSlices } from './read-in-slices.ts';

const keys = (count: number) =>
  Array.from({ length: count }, (_, index) => String(index + 1).padStart(9, '0'));

it.each([0, 1, ROWS_AT_ONCE - 1, ROWS_AT_ONCE, ROWS_AT_ONCE + 1, 3 * ROWS_AT_ONCE])(
  'reads %i rows, each once and in order, at most a slice in one turn of the event loop',
  async (count) => {
    const all = keys(count);
    let turn = 0;
    let isDone = false;
    const turns: number[] = [];
    const countTurns = () => {
      turn += 1;
      if (!isDone) setImmediate(countTurns);
    };
    setImmediate(countTurns);
    const rows = await readInSlices(
      (after, limit) => {
        turns.push(turn);
        const start = all.findIndex((key) => key > after);
        return start === -1 ? [] : all.slice(start, start + limit);
      },
      (key) => key,
    );
    isDone = true;
    expect(rows).toEqual(all);
    expect(new Set(turns).size).toBe(Math.floor(count / ROWS_AT_ONCE) + 1);
    expect(turns).toHaveLength(Math.floor(count / ROWS_AT_ONCE) + 1);
  },
);
