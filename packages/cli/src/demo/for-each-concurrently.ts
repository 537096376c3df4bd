import pMap from 'p-map';

/**
 * Runs `act` for every item, at most `concurrency` at a time. After a failure it starts no further calls, and throws
 * the first error once all running calls have ended. p-map alone would throw while the others still run.
 */
export async function forEachConcurrently<T>(
  items: Iterable<T>,
  concurrency: number,
  act: (item: T) => Promise<unknown>,
): Promise<void> {
  const failures: unknown[] = [];
  const actUnlessFailed = async (item: T): Promise<void> => {
    if (failures.length > 0) return;
    try {
      await act(item);
    } catch (error) {
      failures.push(error);
    }
  };
  await pMap(items, actUnlessFailed, { concurrency });
  if (failures.length > 0) throw failures[0];
}
