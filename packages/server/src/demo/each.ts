// Writes that arrive together are committed together; more at once gain nothing.
const writesAtOnce = 100;

/** Does all, so many at once. */
export async function each<T>(
  items: readonly T[],
  act: (item: T) => Promise<unknown>,
  atOnce = writesAtOnce,
): Promise<void> {
  for (let from = 0; from < items.length; from += atOnce) {
    await Promise.all(items.slice(from, from + atOnce).map(act));
  }
}

/** Settles when all have settled, so that none of them works on after a failure of another. */
export async function allOf(running: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(running)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
