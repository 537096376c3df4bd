import type { Readable } from 'node:stream';
import type { ByteRange, OpenBlob } from '@twite/core/media/blob-store';
import { Unavailable } from '@twite/core/unavailable';
import type { S3Client } from './client.ts';
import { isMissing, isNoBucket, ObjectsAway } from './errors.ts';

interface Answer extends Readable {
  readonly headers: Readonly<Record<string, string | undefined>>;
}

/** The size of the whole object: for a range request, the part of `bytes 0-9/100` after the slash. */
const bytesOf = ({ headers }: Answer): number =>
  Number(headers['content-range']?.split('/')[1] ?? headers['content-length'] ?? 0);

/** Returns undefined when the object does not exist. */
export async function openObject(
  client: S3Client,
  name: string,
  range: ByteRange | undefined,
): Promise<OpenBlob | undefined> {
  const { minio, place, deadlines } = client;
  const ended = new AbortController();
  const timer = setTimeout(
    () => ended.abort(new ObjectsAway(`no answer within ${deadlines.answer} ms`)),
    deadlines.answer,
  );
  const { start = 0, end } = range ?? {};
  const length = end === undefined ? 0 : end - start + 1;
  try {
    const answer = (await client.endingWith(ended.signal, () =>
      minio.getPartialObject(place.bucket, name, start, length),
    )) as Answer;
    return {
      bytes: bytesOf(answer),
      modifiedAt: Date.parse(answer.headers['last-modified'] ?? ''),
      content: { [Symbol.asyncIterator]: () => contentOf(answer, ended, deadlines.stall) },
    };
  } catch (error) {
    const { cause } = error as Error;
    if (isMissing(cause) || isNoBucket(cause)) return undefined;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Written by hand: a generator that was not started would not notice that it is ended. */
function contentOf(answer: Answer, ended: AbortController, stallMs: number): AsyncIterator<Uint8Array> {
  const chunks = answer[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
  const stop = () => {
    answer.destroy();
    ended.abort();
  };
  let isDone = false;
  return {
    async next() {
      if (isDone) return { done: true, value: undefined };
      // Only while waiting for bytes: readers may take their time.
      const timer = setTimeout(
        () => answer.destroy(new ObjectsAway(`no more bytes within ${stallMs} ms`)),
        stallMs,
      );
      try {
        const next = await chunks.next();
        isDone = next.done === true;
        return next;
      } catch (error) {
        isDone = true;
        stop();
        throw new Unavailable('objects', error);
      } finally {
        clearTimeout(timer);
      }
    },
    async return() {
      isDone = true;
      stop();
      return { done: true, value: undefined };
    },
  };
}
