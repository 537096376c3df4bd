/** Runs `work` for every item, at most `concurrency` at a time. The first failure stops what has not begun, and is thrown. */
export async function eachOf<T>(
  items: Iterable<T>,
  concurrency: number,
  work: (item: T) => Promise<void>,
): Promise<void> {
  const rest = items[Symbol.iterator]();
  let stopped = false;
  const worker = async (): Promise<void> => {
    for (let next = rest.next(); !stopped && !next.done; next = rest.next()) {
      try {
        await work(next.value);
      } catch (error) {
        stopped = true;
        throw error;
      }
    }
  };
  const ended = await Promise.allSettled(Array.from({ length: concurrency }, worker));
  const failed = ended.find((one) => one.status === 'rejected');
  if (failed) throw failed.reason;
}
