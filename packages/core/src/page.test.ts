import { expect, it } from 'vitest';
import { fillPage } from './page.ts';

/** Rows 1 to `length`. Those from `shownFrom` on are visible. */
const source = (length: number, shownFrom: number, fetched: number[]) => ({
  fetch: async (cursor: string | undefined, limit: number) => {
    const start = Number(cursor ?? 0) + 1;
    const rows = Array.from({ length: limit }, (_, index) => start + index).filter((row) => row <= length);
    fetched.push(rows.length);
    return rows;
  },
  cursorOf: String,
  view: async (rows: readonly number[]) => rows.map((row) => (row < shownFrom ? undefined : row)),
});

it('skips hundreds of hidden rows, even for a small page', async () => {
  for (const limit of [1, 2, 20, 100]) {
    expect(await fillPage({ limit }, source(1_000, 301, []))).toEqual({
      items: Array.from({ length: limit }, (_, index) => 301 + index),
      nextCursor: String(300 + limit),
    });
  }
});

it('the work for a page is bounded, and its cursor continues from there', async () => {
  for (const limit of [1, 20, 100]) {
    const fetched: number[] = [];
    const page = await fillPage({ limit }, source(1_000_000, Number.POSITIVE_INFINITY, fetched));
    const read = fetched.reduce((sum, count) => sum + count, 0);
    expect(page).toEqual({ items: [], nextCursor: String(read) });
    expect(fetched.length).toBeLessThanOrEqual(8);
    expect(read).toBeLessThanOrEqual(1_600);
  }
});

it('the cursor of a full page is its last item, never a hidden row', async () => {
  const rows = {
    ...source(10, 0, []),
    view: async (all: readonly number[]) => all.map((row) => (row % 3 ? undefined : row)),
  };
  expect(await fillPage({ limit: 2 }, rows)).toEqual({ items: [3, 6], nextCursor: '6' });
  expect(await fillPage({ limit: 2, cursor: '6' }, rows)).toEqual({ items: [9], nextCursor: null });
});

it('fills a page with one fetch if a third of its rows are hidden, and presents no unneeded rows', async () => {
  for (const limit of [3, 20, 100]) {
    const fetched: number[] = [];
    const viewed: number[] = [];
    const rows = (isShown: (row: number) => boolean) => ({
      ...source(1_000, 0, fetched),
      view: async (some: readonly number[]) => {
        viewed.push(...some);
        return some.map((row) => (isShown(row) ? row : undefined));
      },
    });
    const { items } = await fillPage(
      { limit },
      rows((row) => row % 3 !== 0),
    );
    expect(items).toHaveLength(limit);
    expect(fetched).toHaveLength(1);
    viewed.length = 0;
    await fillPage(
      { limit },
      rows(() => true),
    );
    expect(viewed).toHaveLength(limit + 1);
  }
});
