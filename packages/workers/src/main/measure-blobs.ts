import type { CallOutcome } from '@twite/core/measures/engine-observer';
import type { BlobStore } from '@twite/core/media/blob-store';
import { Unavailable } from '@twite/core/unavailable';
import type { Metrics } from '@twite/process/metrics/create-metrics';

/** The media store, with its calls timed and their bytes counted. */
export function measureBlobs(
  { counter, histogram }: Pick<Metrics, 'counter' | 'histogram'>,
  blobs: BlobStore,
): BlobStore {
  const duration = histogram('twite_blob_store_call_duration_seconds');
  const bytes = counter('twite_blob_store_bytes_total');
  const timed = async <T>(call: keyof BlobStore, run: () => Promise<T>): Promise<T> => {
    const startMs = performance.now();
    let outcome: CallOutcome = 'answered';
    try {
      return await run();
    } catch (error) {
      outcome = error instanceof Unavailable ? 'unavailable' : 'failed';
      throw error;
    } finally {
      duration({ call, outcome }, (performance.now() - startMs) / 1_000);
    }
  };
  return {
    async put(key, blob) {
      await timed('put', () => blobs.put(key, blob));
      bytes({ direction: 'in' }, blob.bytes);
    },
    async get(key, range) {
      const found = await timed('get', () => blobs.get(key, range));
      if (found !== undefined)
        bytes({ direction: 'out' }, range === undefined ? found.bytes : range.end - range.start + 1);
      return found;
    },
    stat: (key) => timed('stat', () => blobs.stat(key)),
    delete: (keys) => timed('delete', () => blobs.delete(keys)),
    withhold: (keys) => timed('withhold', () => blobs.withhold(keys)),
    reinstate: (keys) => timed('reinstate', () => blobs.reinstate(keys)),
    list: (page) => timed('list', () => blobs.list(page)),
  };
}
