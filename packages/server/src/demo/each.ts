// Writes that arrive together are committed together; more at once gain nothing.
const writesAtOnce = 100;

/** Does all, so many at once; after a failure, none is begun. */
export async function each<T>(
  items: readonly T[],
  act: (item: T) => Promise<unknown>,
  atOnce = writesAtOnce,
): Promise<void> {
  const rest = items.values();
  let failed = false;
  const doRest = async (): Promise<void> => {
    for (const item of rest) {
      if (failed) return;
      await act(item).catch((error: unknown) => {
        failed = true;
        throw error;
      });
    }
  };
  await allOf(Array.from({ length: atOnce }, doRest));
}

/** Settles when all have settled, so that none of them works on after a failure of another. */
export async function allOf(running: readonly Promise<unknown>[]): Promise<void> {
  const failed = (await Promise.allSettled(running)).find(({ status }) => status === 'rejected');
  if (failed?.status === 'rejected') throw failed.reason;
}
