import { execFile } from 'node:child_process';
import { createReadStream } from 'node:fs';
import { mkdtemp, open, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  createTwite,
  TwiteConnectionError,
  TwiteError,
  TwiteProblemError,
  TwiteTimeoutError,
  type UploadProgress,
} from '../index.ts';
import { instantWaits } from '../testing/instant-waits.ts';
import { problem, scriptedServer } from '../testing/scripted-server.ts';
import { answer, sha256, uploadServer } from '../testing/upload-server.ts';

const size = 8 * 1024 * 1024;
const bytes = new Uint8Array(size).map((_, index) => index % 251);
let folder: string;
let path: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twite-sdk-'));
  path = join(folder, 'large.jpg');
  await writeFile(path, bytes);
});
afterAll(() => rm(folder, { recursive: true }));

/** A sparse file of zeros. */
async function sparseFile(name: string, megabytes: number): Promise<string> {
  const sparse = join(folder, name);
  await using file = await open(sparse, 'w');
  await file.truncate(megabytes * 1024 * 1024);
  return sparse;
}

/** Breaks the connection after part of the body has arrived. */
const breakAfter = (limit: number) => ({
  act({ request }: Parameters<NonNullable<Parameters<typeof uploadServer>[0]>>[0]): 'done' {
    let came = 0;
    request.on('data', (chunk: Buffer) => {
      came += chunk.byteLength;
      if (came >= limit) request.socket.destroy();
    });
    return 'done';
  },
});

const outcomeOf = (call: Promise<unknown>): Promise<{ value?: unknown; error?: unknown }> =>
  call.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );

describe('progress', () => {
  it('goes from 0 to the size of the request', async () => {
    await using server = await uploadServer();
    const told: UploadProgress[] = [];
    await createTwite({ baseUrl: server.baseUrl }).media.upload(path, {
      onProgress: (progress) => told.push(progress),
    });
    const totalBytes = Number(server.received[0]?.headers['content-length']);
    expect(totalBytes).toBeGreaterThan(size);
    expect(told[0]).toEqual({ sentBytes: 0, totalBytes });
    expect(told.at(-1)).toEqual({ sentBytes: totalBytes, totalBytes });
    const sent = told.map(({ sentBytes }) => sentBytes);
    expect(sent).toEqual([...sent].sort((a, b) => a - b));
    expect(told.length).toBeGreaterThan(10);
  });

  it('has no total for a stream', async () => {
    await using server = await uploadServer();
    const told: UploadProgress[] = [];
    await createTwite({ baseUrl: server.baseUrl }).media.upload(createReadStream(path), {
      onProgress: (progress) => told.push(progress),
    });
    expect(new Set(told.map(({ totalBytes }) => totalBytes))).toEqual(new Set([undefined]));
    expect(told.at(-1)?.sentBytes).toBeGreaterThan(size);
  });

  it('rejects the upload when its listener throws', async () => {
    await using server = await uploadServer();
    const reason = new Error('no such progress bar');
    const uploading = createTwite({ baseUrl: server.baseUrl }).media.upload(path, {
      onProgress: ({ sentBytes }) => {
        if (sentBytes > size / 2) throw reason;
      },
    });
    await expect(uploading).rejects.toBe(reason);
    const atOnce = createTwite({ baseUrl: server.baseUrl }).media.upload(path, {
      onProgress: () => {
        throw reason;
      },
    });
    await expect(atOnce).rejects.toBe(reason);
    expect(server.received.length).toBe(1);
  });
});

describe('an upload is retried', () => {
  it('with the same key and all of its bytes, if the connection drops during it', async () => {
    for (const source of [path, new Blob([bytes]), bytes]) {
      await using server = await uploadServer((exchange, index) =>
        index < 2 ? breakAfter(size / 2).act(exchange) : 'read',
      );
      const starts: number[] = [];
      const twite = createTwite({ baseUrl: server.baseUrl, ...instantWaits().options });
      const media = await twite.media.upload(source, {
        altText: 'once',
        onProgress: ({ sentBytes }) => {
          if (sentBytes === 0) starts.push(starts.length);
        },
      });
      expect(media.mediaId).toBe('7');
      expect(server.received.length).toBe(3);
      expect(new Set(server.received.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
      expect((await server.received[2]?.form)?.files.file).toMatchObject({ sha256: sha256(bytes) });
      // The listener is called at the start of each attempt.
      expect(starts).toEqual([0, 1, 2]);
    }
  });

  it('after 503, and with new tokens after the server rejected the old ones', async () => {
    const session = { sessionId: '1', refreshToken: 'r', expiresAt: '2126-01-01T00:00:00.000Z' };
    await using server = await uploadServer(({ request, response }, index) => {
      if (request.url === '/v1/sessions/refresh') {
        answer(response, 200, { account: {}, session: { ...session, accessToken: 'new' } });
        return 'done';
      }
      request.resume();
      request.on('end', () => {
        if (index === 0) answer(response, 503, problem(503, 'overloaded').json);
        else if (request.headers.authorization !== 'Bearer new')
          answer(response, 401, problem(401, 'invalid_token').json);
        else answer(response, 201, { mediaId: '8' });
      });
      return 'done';
    });
    const twite = createTwite({
      baseUrl: server.baseUrl,
      session: { ...session, accessToken: 'old' },
      ...instantWaits().options,
    });
    expect(await twite.media.upload(path)).toEqual({ mediaId: '8' });
    expect(server.received.map(({ headers }) => headers.authorization)).toEqual([
      'Bearer old',
      'Bearer old',
      undefined,
      'Bearer new',
    ]);
  });

  it('from a stream only if nothing was read yet', async () => {
    await using server = await uploadServer();
    let tries = 0;
    const twite = createTwite({
      baseUrl: server.baseUrl,
      ...instantWaits().options,
      fetch: (url, init) => (++tries === 1 ? Promise.reject(new TypeError('refused')) : fetch(url, init)),
    });
    await twite.media.upload(new Blob([bytes]).stream());
    expect(tries).toBe(2);
    expect((await server.received[0]?.form)?.files.file?.sha256).toBe(sha256(bytes));
  });
});

describe('an upload is not retried', () => {
  it('from a stream that was already read', async () => {
    await using server = await uploadServer((exchange) => breakAfter(size / 2).act(exchange));
    for (const source of [new Blob([bytes]).stream(), createReadStream(path)]) {
      const before = server.received.length;
      const { waits, options } = instantWaits();
      const { error } = await outcomeOf(
        createTwite({ baseUrl: server.baseUrl, ...options }).media.upload(source),
      );
      expect(error).toBeInstanceOf(TwiteConnectionError);
      expect([server.received.length - before, waits]).toEqual([1, []]);
    }
  });

  it('when it is refused; the problem is reported even if the file was not read completely', async () => {
    await using server = await uploadServer(({ request, response }) => {
      response.writeHead(413, { 'content-type': 'application/problem+json', connection: 'close' });
      response.end(JSON.stringify(problem(413, 'media_too_large').json));
      request.resume();
      return 'done';
    });
    const { error } = await outcomeOf(createTwite({ baseUrl: server.baseUrl }).media.upload(path));
    expect(error).toBeInstanceOf(TwiteProblemError);
    expect(error).toMatchObject({ status: 413, code: 'media_too_large' });
    expect(server.received.length).toBe(1);
  });

  it('when its source fails, and rejects with that error', async () => {
    await using server = await uploadServer();
    const reason = new Error('the disk was pulled out');
    const source = Readable.from(
      (async function* () {
        yield new Uint8Array(100);
        throw reason;
      })(),
    );
    const twite = createTwite({ baseUrl: server.baseUrl, ...instantWaits().options });
    expect(await outcomeOf(twite.media.upload(source))).toEqual({ error: reason });
    const texts = Readable.from(['not', 'bytes']);
    await expect(twite.media.upload(texts)).rejects.toThrow('must be one of bytes');
  });
});

describe('an upload ends', () => {
  it('when its signal aborts, with the reason; the source is closed', async () => {
    await using server = await uploadServer();
    // Socket buffers cannot hold all of it: the server has started to read.
    const larger = await sparseFile('abort.mp4', 64);
    for (const [index, begin] of [() => createReadStream(larger), () => larger].entries()) {
      const source = begin();
      const controller = new AbortController();
      const reason = new Error('changed my mind');
      const uploading = createTwite({ baseUrl: server.baseUrl }).media.upload(source, {
        signal: controller.signal,
        onProgress: ({ sentBytes }) => {
          if (sentBytes > size / 4 && server.received.length > index) controller.abort(reason);
        },
      });
      await expect(uploading).rejects.toBe(reason);
      await expect(server.received.at(-1)?.form).rejects.toThrow();
      if (typeof source !== 'string') await expect.poll(() => source.destroyed).toBe(true);
    }
    const before = createTwite({ baseUrl: server.baseUrl }).media.upload(path, {
      signal: AbortSignal.abort(),
    });
    await expect(before).rejects.toHaveProperty('name', 'AbortError');
    expect(server.received.length).toBe(2);
  });

  it('without progress for the timeout of the client', async () => {
    // The server takes only what fits into the socket buffers.
    await using server = await uploadServer(() => 'done');
    const twite = createTwite({ baseUrl: server.baseUrl, timeoutMs: 300 });
    const endless = new Blob(Array.from({ length: 8 }, () => bytes));
    const { error } = await outcomeOf(twite.media.upload(endless));
    expect(error).toBeInstanceOf(TwiteTimeoutError);
    expect(error).toMatchObject({ timeoutMs: 300 });
  });

  it('after its own timeoutMs, regardless of progress', async () => {
    await using server = await uploadServer(({ request }) => {
      request.resume();
      return 'done';
    });
    const uploading = createTwite({ baseUrl: server.baseUrl }).media.upload(path, { timeoutMs: 300 });
    await expect(uploading).rejects.toMatchObject({ name: 'TwiteTimeoutError', timeoutMs: 300 });
  });
});

it('never holds a file in memory', async () => {
  const sparse = await sparseFile('sparse.mp4', 200);
  await using server = await uploadServer();
  const { stdout } = await promisify(execFile)(process.execPath, [
    '--conditions=twite-source',
    join(import.meta.dirname, '../testing/upload-in-child.ts'),
    server.baseUrl,
    sparse,
  ]);
  expect((await server.received[0]?.form)?.files.file?.bytes).toBe(200 * 1024 * 1024);
  expect(JSON.parse(stdout).grownBytes).toBeLessThan(100 * 1024 * 1024);
});

describe('waiting for a video', () => {
  const video = (state: string) => ({ status: 200, json: { mediaId: '7', kind: 'video', state } });

  it('polls less and less often until it is ready', async () => {
    await using server = await scriptedServer((_, index) => video(index < 9 ? 'processing' : 'ready'));
    const { waits, options } = instantWaits();
    const twite = createTwite({ baseUrl: server.baseUrl, ...options });
    expect(await twite.media.waitUntilReady('7')).toMatchObject({ state: 'ready' });
    expect(server.received.map(({ target }) => target)).toEqual(Array(10).fill('/v1/media/7'));
    expect(waits.length).toBe(9);
    expect(waits[0]).toBe(250);
    expect(waits.at(-1)).toBe(5000);
  });

  it('fails if the video cannot be processed, is deleted, or takes too long', async () => {
    await using server = await scriptedServer(({ target }) => {
      if (target.endsWith('/7')) return video('failed');
      return target.endsWith('/8') ? problem(404, 'media_not_found') : video('processing');
    });
    const twite = createTwite({ baseUrl: server.baseUrl });
    await expect(twite.media.waitUntilReady('7')).rejects.toThrow(TwiteError);
    await expect(twite.media.waitUntilReady('8')).rejects.toMatchObject({ code: 'media_not_found' });
    const waiting = twite.media.waitUntilReady('9', { timeoutMs: 100 });
    await expect(waiting).rejects.toMatchObject({ name: 'TwiteTimeoutError', timeoutMs: 100 });
    const controller = new AbortController();
    const aborted = twite.media.waitUntilReady('9', { signal: controller.signal });
    controller.abort();
    await expect(aborted).rejects.toHaveProperty('name', 'AbortError');
  });
});
