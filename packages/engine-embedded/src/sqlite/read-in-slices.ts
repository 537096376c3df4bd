import { setImmediate } from 'node:timers/promises';

/** A slice takes about a millisecond. */
export const ROWS_AT_ONCE = 2_000;

/**
 * Reads rows in the order of their key, in slices between which others run. This is no snapshot: a row that is written
 * meanwhile may be missing. A cache that the write invalidates does not keep such a result.
 *
 * @param readAfter reads the rows with the next `limit` keys. @param keyOf the key of a row.
 */
export async function readInSlices<Row>(
  readAfter: (after: string, limit: number) => readonly Row[],
  keyOf: (row: Row) => string,
): Promise<readonly Row[]> {
  let slice = readAfter('', ROWS_AT_ONCE);
  if (slice.length < ROWS_AT_ONCE) return slice;
  const rows: Row[] = [];
  for (;;) {
    for (const row of slice) rows.push(row);
    const last = slice[ROWS_AT_ONCE - 1];
    if (last === undefined) return rows;
    await setImmediate();
    slice = readAfter(keyOf(last), ROWS_AT_ONCE);
  }
}
