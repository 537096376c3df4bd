import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { defaultSettings } from '@twite/core/engine';
import type { BlobStore } from '@twite/core/media/blob-store';
import { newMediaKey, newSourceKey, servedMimeType } from '@twite/core/media/media-keys';
import { Unavailable } from '@twite/core/unavailable';
import { openEmbeddedEngine } from '@twite/engine-embedded';
import fc from 'fast-check';
import Koa from 'koa';
import { afterEach, describe, expect, test } from 'vitest';
import { makeServeMedia } from './serve-media.ts';

let closing = new AsyncDisposableStack();
afterEach(async () => {
  await closing.disposeAsync();
  closing = new AsyncDisposableStack();
});

async function serve(blobs?: Pick<BlobStore, 'get' | 'stat'>) {
  const open = await openEmbeddedEngine({ location: ':memory:', clock: Date, settings: defaultSettings });
  closing.use(open);
  const stored = open.engine.blobs;
  const add = (at: string, bytes: Uint8Array) =>
    stored.put(at, {
      bytes: bytes.length,
      mimeType: servedMimeType(at) ?? 'application/octet-stream',
      async *open() {
        yield bytes;
      },
    });
  const app = new Koa();
  const errors: Error[] = [];
  // Koa's own errors, about broken connections.
  app.on('error', () => {});
  const serveMedia = makeServeMedia(blobs ?? stored);
  app.use((ctx) => {
    ctx.state.requestId = 'request-1';
    return serveMedia(ctx).catch((error) => {
      errors.push(error);
      ctx.res.destroy();
    });
  });
  const server = createServer(app.callback());
  closing.defer(() => server.close().closeAllConnections());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const url = `http://127.0.0.1:${port}`;
  const content = randomBytes(300_000);
  const key = newMediaKey('image/webp');
  await add(key, content);
  return {
    url,
    port,
    stored,
    add,
    errors,
    content,
    key,
    ask: (headers: Record<string, string> = {}, method = 'GET', path = `/${key}`) =>
      fetch(`${url}${path}`, { method, headers }),
  };
}

const bytesOf = async (answer: Response): Promise<Buffer> => Buffer.from(await answer.arrayBuffer());

test('an object is complete, safe to show anywhere, and cacheable permanently', async () => {
  const { ask, content, key } = await serve();
  const answer = await ask();
  expect(answer.status).toBe(200);
  expect((await bytesOf(answer)).equals(content)).toBe(true);
  const hex = key.slice('media/'.length, -'.webp'.length);
  const headers = Object.fromEntries(answer.headers);
  expect(headers).toMatchObject({
    'content-type': 'image/webp',
    'content-length': '300000',
    'content-disposition': `inline; filename="${hex}.webp"`,
    'cache-control': 'public, max-age=31536000, immutable, s-maxage=300',
    etag: `"${hex}"`,
    'accept-ranges': 'bytes',
    'content-security-policy': "sandbox; default-src 'none'",
    'cross-origin-resource-policy': 'cross-origin',
    'access-control-allow-origin': '*',
  });
  expect(Number.isNaN(Date.parse(headers['last-modified'] ?? ''))).toBe(false);
  expect(headers['access-control-expose-headers']).toContain('Content-Range');
  for (const name of ['vary', 'set-cookie', 'ratelimit', 'ratelimit-policy'])
    expect(headers).not.toHaveProperty(name);
});

test.each([
  ['video/mp4', 'mp4'],
  ['video/webm', 'webm'],
] as const)('%s is served as such', async (mimeType, extension) => {
  const { add, ask } = await serve();
  const key = newMediaKey(mimeType);
  await add(key, Buffer.from('moov'));
  const answer = await ask({}, 'GET', `/${key}`);
  expect([answer.headers.get('content-type'), await answer.text()]).toEqual([mimeType, 'moov']);
  expect(answer.headers.get('content-disposition')).toContain(`.${extension}"`);
});

test('the query is ignored, and HEAD is GET without the bytes', async () => {
  const { ask, key } = await serve();
  const whole = await ask({}, 'GET', `/${key}?width=400&x=/../..`);
  expect((await bytesOf(whole)).length).toBe(300_000);
  const head = await ask({}, 'HEAD');
  expect((await bytesOf(head)).length).toBe(0);
  const told = ({ headers }: Response) =>
    [...headers].filter(([name]) => !['date', 'connection', 'keep-alive'].includes(name));
  expect(told(head)).toEqual(told(whole));
});

test('other methods are refused, and OPTIONS lists the allowed ones', async () => {
  const { ask } = await serve();
  for (const method of ['POST', 'PUT', 'DELETE', 'PATCH']) {
    const answer = await ask({}, method);
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'GET, HEAD, OPTIONS']);
  }
  const options = await ask(
    { origin: 'https://a.example', 'access-control-request-method': 'GET' },
    'OPTIONS',
  );
  expect([options.status, options.headers.get('access-control-allow-origin')]).toEqual([204, '*']);
  expect(options.headers.get('access-control-allow-headers')).toContain('Range');
});

test('invalid object names are not found', async () => {
  const { ask, add, key } = await serve();
  const source = newSourceKey();
  await add(source, Buffer.from('never'));
  for (const path of [
    '/media/',
    `/${source}`,
    `/media/${source}`,
    `/media/%2e%2e%2f${key}`,
    `/media%2f${key.slice(6)}`,
    `/${key.toUpperCase()}`,
    `/${key}/`,
    `/${key.replace('.webp', '.svg')}`,
    `/media/${'0'.repeat(32)}.webp`,
  ]) {
    const answer = await ask({}, 'GET', path);
    expect([path, answer.status, ((await answer.json()) as { code: string }).code]).toEqual([
      path,
      404,
      'not_found',
    ]);
    expect(answer.headers.get('cache-control')).toBe('public, max-age=30, s-maxage=2');
  }
});

test('deleted and withheld objects are not found until they are reinstated', async () => {
  const { ask, stored, key } = await serve();
  const etag = (await ask()).headers.get('etag') ?? '';
  await stored.withhold([key]);
  const conditions: Record<string, string>[] = [{}, { range: 'bytes=0-1' }, { 'if-none-match': etag }];
  for (const headers of conditions) expect((await ask(headers)).status).toBe(404);
  expect((await ask({}, 'HEAD')).status).toBe(404);
  await stored.reinstate([key]);
  expect((await ask()).status).toBe(200);
  await stored.delete([key]);
  expect((await ask()).status).toBe(404);
});

describe('conditions', () => {
  test('a current copy gets 304', async () => {
    const { ask } = await serve();
    const first = await ask();
    const etag = first.headers.get('etag') ?? '';
    const modified = first.headers.get('last-modified') ?? '';
    const later = new Date(Date.parse(modified) + 60_000).toUTCString();
    const earlier = new Date(Date.parse(modified) - 60_000).toUTCString();
    const statusOf = async (headers: Record<string, string>) => (await ask(headers)).status;
    for (const tag of [etag, `W/${etag}`, `"other", ${etag}`, '*']) {
      expect([tag, await statusOf({ 'if-none-match': tag })]).toEqual([tag, 304]);
    }
    expect(await statusOf({ 'if-none-match': '"other"' })).toBe(200);
    for (const since of [modified, later]) expect(await statusOf({ 'if-modified-since': since })).toBe(304);
    for (const since of [earlier, 'nonsense'])
      expect(await statusOf({ 'if-modified-since': since })).toBe(200);
    // Only the tag counts when both are present.
    expect(await statusOf({ 'if-none-match': '"other"', 'if-modified-since': later })).toBe(200);
    expect(await statusOf({ 'if-none-match': etag, 'if-modified-since': earlier })).toBe(304);
    expect(await statusOf({ 'if-none-match': etag, range: 'bytes=0-1' })).toBe(304);
    const unchanged = await ask({ 'if-none-match': etag });
    expect(unchanged.headers.get('cache-control')).toContain('s-maxage=300');
    expect([unchanged.headers.get('etag'), unchanged.headers.get('content-type')]).toEqual([etag, null]);
  });

  test('a range can be requested if the object is unchanged', async () => {
    const { ask, content } = await serve();
    const part = await ask({ range: 'bytes=100-199' });
    expect(part.status).toBe(206);
    expect(part.headers.get('content-range')).toBe('bytes 100-199/300000');
    expect(part.headers.get('content-length')).toBe('100');
    expect((await bytesOf(part)).equals(content.subarray(100, 200))).toBe(true);
    const etag = part.headers.get('etag') ?? '';
    expect((await ask({ range: 'bytes=0-1', 'if-range': etag })).status).toBe(206);
    expect((await ask({ range: 'bytes=0-1', 'if-range': '"other"' })).status).toBe(200);
    expect((await bytesOf(await ask({ range: 'bytes=0-1,5-6' }))).length).toBe(300_000);
    const beyond = await ask({ range: 'bytes=300000-' });
    expect([beyond.status, beyond.headers.get('content-range')]).toEqual([416, 'bytes */300000']);
    expect((await ask({ range: 'bytes=0-1' }, 'HEAD')).status).toBe(200);
  });

  test('the ranges of an object add up to the object', async () => {
    const { ask, content } = await serve();
    await fc.assert(
      fc.asyncProperty(
        fc.uniqueArray(fc.integer({ min: 1, max: content.length - 1 }), { maxLength: 4 }),
        async (cuts) => {
          const bounds = [0, ...cuts.sort((a, b) => a - b), content.length];
          const parts: Buffer[] = [];
          for (const [index, start] of bounds.slice(0, -1).entries()) {
            const answer = await ask({ range: `bytes=${start}-${(bounds[index + 1] ?? 0) - 1}` });
            expect(answer.status).toBe(206);
            parts.push(await bytesOf(answer));
          }
          expect(Buffer.concat(parts).equals(content)).toBe(true);
        },
      ),
      { numRuns: 60 },
    );
  });
});

test('an unavailable store returns 503 with Retry-After', async () => {
  const away = () => Promise.reject(new Unavailable('objects'));
  const { ask } = await serve({ get: away, stat: away });
  for (const headers of [{}, { range: 'bytes=0-1' }] as Record<string, string>[]) {
    const answer = await ask(headers);
    expect([answer.status, answer.headers.get('retry-after'), answer.headers.get('cache-control')]).toEqual([
      503,
      '5',
      'no-store',
    ]);
  }
});

/** A store whose only object is `pieces` on demand; `read` counts them, `ended` resolves when reading ends. */
function endlessBlobs(piece: Uint8Array, count: number, fail?: Error) {
  let read = 0;
  const ended = Promise.withResolvers<void>();
  async function* content() {
    try {
      for (; read < count; read += 1) yield piece;
      if (fail) throw fail;
    } finally {
      ended.resolve();
    }
  }
  const info = { bytes: piece.length * count + (fail ? 1 : 0), modifiedAt: 0 };
  const blobs: Pick<BlobStore, 'get' | 'stat'> = {
    stat: async () => ({ ...info, isWithheld: false }),
    get: async () => ({ ...info, content: content() }),
  };
  return { blobs, ended: ended.promise, readCount: () => read };
}

test('a slow client pauses reading from the store, and a disconnect ends it', async () => {
  const piece = Buffer.alloc(64 * 1024);
  const { blobs, ended, readCount } = endlessBlobs(piece, 100_000);
  const { port, key, errors } = await serve(blobs);
  const client = connect(port, '127.0.0.1');
  client.write(`GET /${key} HTTP/1.1\r\nHost: x\r\n\r\n`);
  await once(client, 'readable');
  client.pause();
  // Nothing moves any more once the buffers in between are full.
  let before = -1;
  await expect
    .poll(
      () => {
        const stands = readCount() === before;
        before = readCount();
        return stands;
      },
      { interval: 50 },
    )
    .toBe(true);
  expect(readCount()).toBeLessThan(1_000);
  client.destroy();
  await ended;
  expect(errors).toEqual([]);
});

test('a store that fails during a read closes the connection: half an object never looks complete', async () => {
  const { blobs } = endlessBlobs(Buffer.from('half'), 1, new Unavailable('objects'));
  const { ask, errors } = await serve(blobs);
  await expect(ask().then(bytesOf)).rejects.toThrow();
  await expect.poll(() => errors).toHaveLength(1);
});
