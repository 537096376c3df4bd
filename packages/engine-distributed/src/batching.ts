/** The most ids in one batch. */
const BATCH_MAX = 200;

interface Batch<V> {
  readonly ids: Set<string>;
  readonly results: Promise<ReadonlyMap<string, V>>;
  start(): void;
}

export interface BatchingOptions {
  /** How many batches may run at once; 1 by default. */
  readonly concurrency?: number;
}

/**
 * Combines calls into batches: calls of one turn of the event loop, and calls that arrive while as many batches run as
 * may. A batch starts after its calls arrived, so its results are never older than a call. Batches grow only under
 * load. Each call gets the results for its own ids; a failed batch rejects all of its calls.
 */
export function createBatching<V>(
  run: (ids: readonly string[]) => Promise<ReadonlyMap<string, V>>,
  { concurrency = 1 }: BatchingOptions = {},
): (ids: Iterable<string>) => Promise<ReadonlyMap<string, V>> {
  const waiting: Batch<V>[] = [];
  let running = 0;
  let isScheduled = false;

  function startWaiting(): void {
    isScheduled = false;
    while (running < concurrency) {
      const next = waiting.shift();
      if (next === undefined) return;
      running += 1;
      next.start();
    }
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
          .finally(() => {
            running -= 1;
            startWaiting();
          });
      },
    };
    waiting.push(batch);
    return batch;
  }

  return async (ids) => {
    const wanted = [...ids];
    if (wanted.length === 0) return new Map();
    let batch = waiting.at(-1);
    // A call with many ids makes a batch of its own size: it is never split.
    if (batch === undefined || batch.ids.size + wanted.length > BATCH_MAX) batch = openBatch();
    for (const id of wanted) batch.ids.add(id);
    if (running < concurrency && !isScheduled) {
      isScheduled = true;
      // After the calls of this turn.
      setImmediate(startWaiting);
    }
    const results = await batch.results;
    if (results.size <= wanted.length && batch.ids.size === wanted.length) return results;
    const own = new Map<string, V>();
    for (const id of wanted) {
      const value = results.get(id);
      if (value !== undefined) own.set(id, value);
    }
    return own;
  };
}
