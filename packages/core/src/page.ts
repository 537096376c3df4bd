import type { Page } from '@twite/contract';

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** How a page is filled: rows from a source by key, each shown as an item or hidden. */
export interface PageSource<Row, Item> {
  /** At most `limit` rows beyond the cursor; fewer mean that there are no more. */
  readonly fetch: (cursor: string | undefined, limit: number) => Promise<readonly Row[]>;
  readonly cursorOf: (row: Row) => string;
  /** One item a row, in the same order; undefined where the viewer may not see it. */
  readonly view: (rows: readonly Row[]) => Promise<readonly (Item | undefined)[]>;
}

// Bounds the work of one request when nearly everything is hidden; the page is then short and has a cursor.
const maxRounds = 8;
// What is hidden comes in rows: each round reads twice as far, so that small pages do not give up early.
const wantedMax = 200;

/** Fills a page with what may be seen. A page can be shorter than its limit; only a null cursor means the end. */
export async function fillPage<Row, Item>(
  request: PageRequest,
  source: PageSource<Row, Item>,
): Promise<Page<Item>> {
  const items: Item[] = [];
  let cursor = request.cursor;
  let nextCursor: string | null = null;
  let wanted = 0;
  for (let round = 0; round < maxRounds; round++) {
    wanted = Math.max(request.limit - items.length + 1, Math.min(2 * wanted, wantedMax));
    const rows = await source.fetch(cursor, wanted);
    const shown = await source.view(rows);
    for (let index = 0; index < rows.length; index++) {
      const item = shown[index];
      if (item === undefined) continue;
      // One more than fits: the page is full, and there is a next one.
      if (items.length === request.limit) return { items, nextCursor };
      items.push(item);
      nextCursor = source.cursorOf(rows[index] as Row);
    }
    if (rows.length < wanted) return { items, nextCursor: null };
    cursor = source.cursorOf(rows[rows.length - 1] as Row);
  }
  return { items, nextCursor: cursor ?? null };
}
