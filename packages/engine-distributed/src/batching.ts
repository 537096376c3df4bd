/** The most ids in one batch. */
const BATCH_MAX = 200;

interface Batch<V> {
  readonly ids: Set<string>;
  readonly results: Promise<ReadonlyMap<string, V>>;
  start(): void;
}

/**
 * Combines calls into batches. One batch runs at a time, and calls that arrive meanwhile share the next, which starts
 * after they arrived: its results are never older than the call. A call runs at once when nothing else runs, so
 * batches grow only under load. A failed batch rejects all of its calls.
 */
export function createBatching<V>(
  run: (ids: readonly string[]) => Promise<ReadonlyMap<string, V>>,
): (ids: Iterable<string>) => Promise<ReadonlyMap<string, V>> {
  const waiting: Batch<V>[] = [];
  let isRunning = false;

  function startNext(): void {
    const next = waiting.shift();
    isRunning = next !== undefined;
    next?.start();
  }

  function openBatch(): Batch<V> {
    const ids = new Set<string>();
    const { promise, resolve, reject } = Promise.withResolvers<ReadonlyMap<string, V>>();
    const batch = {
      ids,
      results: promise,
      start: () => {
        run([...ids])
          .then(resolve, reject)
          .finally(startNext);
      },
    };
    waiting.push(batch);
    return batch;
  }

  return (ids) => {
    const wanted = [...ids];
    if (wanted.length === 0) return Promise.resolve(new Map());
    let batch = waiting.at(-1);
    // A call with many ids makes a batch of its own size: it is never split.
    if (batch === undefined || batch.ids.size + wanted.length > BATCH_MAX) batch = openBatch();
    for (const id of wanted) batch.ids.add(id);
    if (!isRunning) startNext();
    return batch.results;
  };
}
