import type { ServerResponse } from 'node:http';
import { isClientGone } from './client-gone.ts';
import type { StreamBody } from './contract-types.ts';

/** Arrays are iterable too, but they are JSON. */
export function isStreamBody(body: unknown): body is StreamBody {
  if (typeof body !== 'object' || body === null) return false;
  if (Symbol.asyncIterator in body) return true;
  return Symbol.iterator in body && 'next' in body && typeof body.next === 'function';
}

type Chunks = AsyncIterator<string | Uint8Array> | Iterator<string | Uint8Array>;

/**
 * Writes the chunks as they arrive, with backpressure for slow clients. `begin` is called before the first byte is
 * written, so that a source that fails at once can still be answered with an error. Ends the source when the client
 * disconnects.
 */
export async function writeStream(res: ServerResponse, body: StreamBody, begin: () => void): Promise<void> {
  const chunks: Chunks = Symbol.asyncIterator in body ? body[Symbol.asyncIterator]() : body;
  let wake: (() => void) | undefined;
  const onProgress = () => wake?.();
  res.on('close', onProgress).on('drain', onProgress);
  try {
    let first = true;
    while (!isClientGone(res)) {
      // Also wakes when the client disconnects: a live source may produce nothing for hours.
      const next = await new Promise<IteratorResult<string | Uint8Array> | undefined>((resolve, reject) => {
        wake = () => {
          if (isClientGone(res)) resolve(undefined);
        };
        Promise.resolve(chunks.next()).then(resolve, reject);
      });
      if (next === undefined) break;
      if (first) begin();
      first = false;
      if (next.done === true) {
        res.end();
        return;
      }
      const { value } = next;
      if (typeof value !== 'string' && !(value instanceof Uint8Array)) {
        throw new TypeError('A streamed body gave a piece that is neither a string nor bytes');
      }
      if (value.length > 0 && !res.write(value)) {
        await new Promise<void>((resolve) => {
          wake = resolve;
          if (isClientGone(res)) resolve();
        });
      }
    }
    endSource(body, chunks);
  } catch (error) {
    endSource(body, chunks);
    throw error;
  } finally {
    res.off('close', onProgress).off('drain', onProgress);
  }
}

/** Lets a source that will not be read release its resources. */
export function discardStream(body: StreamBody): void {
  endSource(body, Symbol.asyncIterator in body ? body[Symbol.asyncIterator]() : body);
}

function endSource(body: StreamBody, chunks: Chunks): void {
  // A Node stream's iterator does not close a stream that was never read, or that is waiting for data.
  if ('destroy' in body && typeof body.destroy === 'function') body.destroy();
  // Not awaited: a generator handles `return` only when its current step has ended.
  else Promise.resolve(chunks.return?.()).catch(() => {});
}
