import { createHash } from 'node:crypto';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { NewBlob } from '@twite/core/media/blob-store';
import { type S3Client, whenAborted } from './client.ts';
import { FailedAnswer, ObjectsAway, translated } from './errors.ts';

/**
 * For cacheable objects: keys are never reused for other content, and shared caches soon revalidate, as an object may
 * be deleted.
 */
const cacheControl = 'public, max-age=31536000, immutable, s-maxage=300';
/**
 * Objects up to this size are sent with their checksum; for larger ones, S3's checksum is compared after the upload.
 */
const smallBytes = 1024 * 1024;
const signedSeconds = 3_600;

/**
 * Yields exactly the announced number of bytes. The last chunk is held back until the content has ended successfully.
 */
async function* exactly(content: AsyncIterable<Uint8Array>, bytes: number): AsyncGenerator<Uint8Array> {
  let count = 0;
  let held: Uint8Array | undefined;
  for await (const chunk of content) {
    if (chunk.byteLength === 0) continue;
    count += chunk.byteLength;
    if (count > bytes) break;
    if (held !== undefined) yield held;
    held = chunk;
  }
  if (count !== bytes) {
    throw new RangeError(
      `the content has ${count > bytes ? 'more' : 'less'} than the ${bytes} bytes announced`,
    );
  }
  if (held !== undefined) yield held;
}

/** Aborts its signal when nothing moves for too long while it is armed. */
function createWatch() {
  const stalled = new AbortController();
  let timer: NodeJS.Timeout | undefined;
  return {
    signal: stalled.signal,
    arm(ms: number) {
      clearTimeout(timer);
      timer = setTimeout(() => stalled.abort(new ObjectsAway(`no progress within ${ms} ms`)), ms);
    },
    disarm: () => clearTimeout(timer),
  };
}

async function readAll(content: AsyncIterable<Uint8Array>): Promise<Buffer> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of content) chunks.push(chunk);
  return Buffer.concat(chunks);
}

/**
 * Streams an object in one request; S3 makes it visible when it is complete. `minio` would hold parts of it in memory,
 * and leave those of an interrupted upload.
 */
export async function putObject(client: S3Client, name: string, blob: NewBlob): Promise<void> {
  const { minio, place, deadlines } = client;
  const { bytes, mimeType } = blob;
  const content = exactly(blob.open(), bytes);
  const small = bytes <= smallBytes ? await readAll(content) : undefined;
  const url = new URL(await minio.presignedPutObject(place.bucket, name, signedSeconds));
  const md5 = createHash('md5');
  const watch = createWatch();
  let sourceError: { readonly error: unknown } | undefined;
  let request: ClientRequest | undefined;

  async function* watched(): AsyncGenerator<Uint8Array> {
    try {
      for await (const chunk of content) {
        md5.update(chunk);
        watch.arm(deadlines.stall);
        yield chunk;
        watch.disarm();
      }
    } catch (error) {
      sourceError = { error };
      throw error;
    }
    watch.arm(deadlines.patient);
  }

  try {
    const answered = Promise.withResolvers<IncomingMessage>();
    request = client.request(
      {
        method: 'PUT',
        protocol: url.protocol,
        hostname: url.hostname.replace(/^\[|\]$/g, ''),
        port: url.port,
        path: `${url.pathname}${url.search}`,
        signal: watch.signal,
        headers: {
          'Content-Length': bytes,
          'Content-Type': mimeType,
          'Cache-Control': mimeType === 'application/octet-stream' ? 'private, no-store' : cacheControl,
          ...(small === undefined ? {} : { 'Content-MD5': createHash('md5').update(small).digest('base64') }),
        },
      },
      answered.resolve,
    );
    request.on('error', answered.reject);
    if (small !== undefined) {
      // The client waits for this, and nothing slow happens: the short deadline applies.
      watch.arm(deadlines.stall);
      request.end(small);
    } else {
      pipeline(Readable.from(watched(), { objectMode: false }), request).catch(answered.reject);
    }
    const response = await Promise.race([answered.promise, whenAborted(watch.signal)]);
    const body = (await Promise.race([readAll(response), whenAborted(watch.signal)])).toString();
    if (response.statusCode !== 200) throw new FailedAnswer(response.statusCode ?? 0, body);
    watch.disarm();
    if (small === undefined) await requireSame(client, name, response, md5.digest('hex'));
  } catch (error) {
    request?.destroy();
    if (sourceError !== undefined) throw sourceError.error;
    throw translated(watch.signal.aborted ? watch.signal.reason : error);
  } finally {
    watch.disarm();
  }
}

/**
 * Checks that S3 has the sent content. Where its tag is not a checksum, as for encrypted objects, the object is read.
 */
async function requireSame(
  client: S3Client,
  name: string,
  { headers }: IncomingMessage,
  md5: string,
): Promise<void> {
  if (headers.etag?.replaceAll('"', '') === md5) return;
  const { minio, place } = client;
  const stored = createHash('md5');
  await client.ask(async () => {
    for await (const chunk of await minio.getObject(place.bucket, name)) stored.update(chunk as Uint8Array);
  }, signedSeconds * 1_000);
  if (stored.digest('hex') === md5) return;
  await client.ask(() => minio.removeObject(place.bucket, name));
  throw new ObjectsAway('the object was changed on its way to S3');
}
