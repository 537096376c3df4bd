import type { Comparison } from '@twite/core/admin/comparing';

/** The id and the state of an item; null: treated as missing. */
export type Row = readonly [id: string, state: string | number | null];

/** Beyond this, differences are not checked again: they are not a lag. */
const differingMax = 10_000;

/** Merges two lists, both in the order of their ids. */
export async function* mergeSorted(
  one: AsyncIterable<Row>,
  other: AsyncIterable<Row>,
): AsyncGenerator<Row, void, undefined> {
  for await (const [id, a, b] of side(one, other)) yield [id, a ?? b ?? null];
}

/** Compares two lists, both in the order of their ids, that need not fit into memory: all of them, or the named ids. */
export async function compareSorted(
  wanted: AsyncIterable<Row>,
  found: AsyncIterable<Row>,
  only: readonly string[] | undefined,
): Promise<Comparison> {
  const named = only && new Set(only);
  const differing: string[] = [];
  let compared = 0;
  for await (const [id, a, b] of side(wanted, found)) {
    if (a !== undefined) compared += 1;
    if ((a ?? null) === (b ?? null) || named?.has(id) === false) continue;
    if (differing.length < differingMax) differing.push(id);
  }
  return { compared, differing };
}

/** Each id of either list, with its states. */
async function* side(
  one: AsyncIterable<Row>,
  other: AsyncIterable<Row>,
): AsyncGenerator<readonly [id: string, a: Row[1] | undefined, b: Row[1] | undefined], void, undefined> {
  const [left, right] = [one[Symbol.asyncIterator](), other[Symbol.asyncIterator]()];
  let [a, b] = await Promise.all([left.next(), right.next()]);
  while (!a.done || !b.done) {
    const takesA = !a.done && (b.done || a.value[0] <= b.value[0]);
    const takesB = !b.done && (a.done || b.value[0] <= a.value[0]);
    const id = (takesA ? a.value : b.value)?.[0] ?? '';
    yield [id, takesA ? a.value?.[1] : undefined, takesB ? b.value?.[1] : undefined];
    if (takesA) a = await left.next();
    if (takesB) b = await right.next();
  }
}
