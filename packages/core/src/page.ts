import type { Page } from '@twite/contract';

export interface PageRequest {
  readonly limit: number;
  readonly cursor?: string | undefined;
}

/** The source of a page's items: rows fetched by key, each of which is shown as an item or hidden. */
export interface PageSource<Row, Item> {
  /** Returns at most `limit` rows beyond the cursor. Fewer mean that there are no more. */
  readonly fetch: (cursor: string | undefined, limit: number) => Promise<readonly Row[]>;
  readonly cursorOf: (row: Row) => string;
  /** Returns one item per row, in the same order; undefined where the viewer may not see it. */
  readonly view: (rows: readonly Row[]) => Promise<readonly (Item | undefined)[]>;
}

// Bounds the work of one request when nearly everything is hidden. The page is then short and has a cursor.
const maxRounds = 8;
// Hidden items cluster: each round reads twice as far as the last, so that small pages do not end early.
const wantedMax = 200;
// Rows are keys and cheap to fetch. A viewer with many blocks needs some more of them, and no second fetch.
const spareShare = 0.5;

/** Fills a page with visible items. A page can be shorter than its limit; only a null cursor means the end. */
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
    const fetched = round === 0 ? wanted + Math.ceil(request.limit * spareShare) : wanted;
    const rows = await source.fetch(cursor, fetched);
    for (const some of [rows.slice(0, wanted), rows.slice(wanted)]) {
      if (some.length === 0) break;
      const shown = await source.view(some);
      for (let index = 0; index < some.length; index++) {
        const item = shown[index];
        if (item === undefined) continue;
        // One item more than fits: the page is full, and there is a next page.
        if (items.length === request.limit) return { items, nextCursor };
        items.push(item);
        nextCursor = source.cursorOf(some[index] as Row);
      }
    }
    if (rows.length < fetched) return { items, nextCursor: null };
    cursor = source.cursorOf(rows[rows.length - 1] as Row);
  }
  return { items, nextCursor: cursor ?? null };
}
