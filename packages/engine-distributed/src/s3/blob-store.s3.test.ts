import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { newMediaKey, newSourceKey } from '@twite/core/media/media-keys';
import { Unavailable } from '@twite/core/unavailable';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LogEntry } from '../log.ts';
import { openTcpProxy } from '../rabbitmq/testing/tcp-proxy.ts';
import { randomNamespace } from '../testing/random-namespace.ts';
import { openS3, type S3Client, type S3Place, s3Deadlines } from './client.ts';
import { grantsReading } from './ensure-bucket.ts';
import { type GuardedBlobs, openBlobs } from './open-blobs.ts';
import { eraseBucket, hasS3, testS3Place, testS3Url } from './testing/s3-for-test.ts';

const short = { ...s3Deadlines, answer: 1_000, stall: 300, patient: 1_000 };
const mib = 1024 * 1024;

const blobOf = (content: Uint8Array, mimeType: 'image/webp' | 'application/octet-stream' = 'image/webp') => ({
  bytes: content.byteLength,
  mimeType,
  async *open() {
    for (let start = 0; start < content.length; start += mib) yield content.subarray(start, start + mib);
  },
});

describe.runIf(hasS3)('objects on S3 (TWITE_TEST_S3_ENDPOINT)', () => {
  const place = testS3Place(randomNamespace(), { prefix: 'twite/' });
  const base = `${new URL(testS3Url()).origin}/${place.bucket}/twite/`;
  const log: LogEntry[] = [];
  const made: S3Place[] = [place];
  let opened: GuardedBlobs;
  let client: S3Client;
  beforeAll(() => {
    opened = openBlobs(place, (entry) => log.push(entry));
    client = openS3(place);
  });
  afterAll(async () => {
    opened[Symbol.dispose]();
    client[Symbol.dispose]();
    for (const each of made) await eraseBucket(each);
  });

  it('are public where they are served, and nowhere else', async () => {
    const { blobs } = opened;
    const [served, source] = [newMediaKey('image/webp'), newSourceKey()];
    await blobs.put(served, blobOf(Buffer.from('a picture')));
    await blobs.put(source, blobOf(Buffer.from('a video'), 'application/octet-stream'));
    const answer = await fetch(base + served);
    expect(answer.status).toBe(200);
    expect(await answer.text()).toBe('a picture');
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'content-type': 'image/webp',
      'cache-control': 'public, max-age=31536000, immutable, s-maxage=300',
      etag: `"${createHash('md5').update('a picture').digest('hex')}"`,
    });
    expect((await fetch(base + source)).status).toBe(403);
    expect((await fetch(`${base}?list-type=2`)).status).toBe(403);
    await blobs.withhold([served]);
    expect((await fetch(base + served)).status).not.toBe(200);
    expect((await fetch(`${base}withheld/${served}`)).status).toBe(403);
    await blobs.reinstate([served]);
    const again = await fetch(base + served);
    expect(again.headers.get('cache-control')).toBe(answer.headers.get('cache-control'));
    expect(again.headers.get('content-type')).toBe('image/webp');
    await blobs.delete([served]);
    expect((await fetch(base + served)).status).not.toBe(200);
  });

  it('keep an existing policy for other objects', async () => {
    const other = {
      Effect: 'Allow',
      Principal: { AWS: ['*'] },
      Action: ['s3:GetObject'],
      Resource: [`arn:aws:s3:::${place.bucket}/site/*`],
    };
    await client.minio.setBucketPolicy(
      place.bucket,
      JSON.stringify({ Version: '2012-10-17', Statement: [other] }),
    );
    using again = openBlobs(place, () => {});
    await again.blobs.put(newMediaKey('image/webp'), blobOf(Buffer.from('x')));
    const policy = await client.minio.getBucketPolicy(place.bucket);
    expect(grantsReading(policy, `arn:aws:s3:::${place.bucket}/site/*`)).toBe(true);
    expect(grantsReading(policy, `arn:aws:s3:::${place.bucket}/twite/media/*`)).toBe(true);
    expect(grantsReading(policy, `arn:aws:s3:::${place.bucket}/*`)).toBe(false);
  });

  it('get a bucket from the first of several processes', async () => {
    const fresh = testS3Place(randomNamespace());
    made.push(fresh);
    const processes = Array.from({ length: 5 }, () => openBlobs(fresh, () => {}));
    const keys = processes.map(() => newMediaKey('image/webp'));
    await Promise.all(
      processes.map(({ blobs }, i) => blobs.put(keys[i] as string, blobOf(Buffer.from(`${i}`)))),
    );
    expect((await processes[0]?.blobs.list({ limit: 10 }))?.map(({ key }) => key)).toEqual(keys.sort());
    for (const each of processes) each[Symbol.dispose]();
  });

  it('left in both places by a crash are served, listed once, withheld and deleted', async () => {
    const { blobs } = opened;
    const key = newMediaKey('image/webp');
    const [name, withheldName] = [`twite/${key}`, `twite/withheld/${key}`];
    const copy = () => client.minio.copyObject(place.bucket, withheldName, `/${place.bucket}/${name}`);
    const isThere = (one: string) =>
      client.minio.statObject(place.bucket, one).then(
        () => true,
        () => false,
      );
    await blobs.put(key, blobOf(Buffer.from('whole')));
    // As far as it got before it was killed.
    await copy();
    expect(await blobs.get(key)).toBeDefined();
    expect((await blobs.list({ limit: 1_000 })).filter((blob) => blob.key === key)).toHaveLength(1);
    await blobs.withhold([key]);
    expect([await isThere(name), await isThere(withheldName)]).toEqual([false, true]);
    expect((await blobs.list({ limit: 1_000 })).filter((blob) => blob.key === key)).toHaveLength(1);
    await blobs.reinstate([key]);
    expect(await isThere(name)).toBe(true);
    await blobs.delete([key]);
    expect([await isThere(name), await isThere(withheldName)]).toEqual([false, false]);
  });

  it('can share the bucket with foreign objects, which are neither listed nor erased', async () => {
    await client.minio.putObject(place.bucket, 'twite/media/notes.txt', 'x');
    await client.minio.putObject(place.bucket, 'other', 'x');
    const keys = (await opened.blobs.list({ limit: 1_000 })).map(({ key }) => key);
    expect(keys.filter((key) => !/^(media|uploads)\/[0-9a-f]{32}\./.test(key))).toEqual([]);
  });

  it('that S3 stops sending are an error, unlike slow readers', async () => {
    await using proxy = await openTcpProxy(testS3Url());
    const key = newMediaKey('video/mp4');
    const content = randomBytes(24 * mib);
    await opened.blobs.put(key, blobOf(content));
    using through = openBlobs({ ...place, url: proxy.url }, () => {}, short);
    const slow = await through.blobs.get(key);
    let bytes = 0;
    for await (const chunk of slow?.content ?? []) {
      if (bytes === 0) await new Promise((resolve) => setTimeout(resolve, 2 * short.stall));
      bytes += chunk.length;
    }
    expect(bytes).toBe(content.length);
    const open = await through.blobs.get(key);
    const reading = async () => {
      for await (const _ of open?.content ?? []) proxy.freeze();
    };
    await expect(reading()).rejects.toMatchObject({ dependency: 'objects' });
    await opened.blobs.delete([key]);
  });

  it('are refused in time while S3 accepts bytes without responding, and do not exist afterwards', async () => {
    await using proxy = await openTcpProxy(testS3Url());
    const key = newMediaKey('video/mp4');
    using through = openBlobs({ ...place, url: proxy.url }, () => {}, short);
    await through.blobs.put(newMediaKey('image/webp'), blobOf(Buffer.from('x')));
    let isReturned = false;
    const put = through.blobs.put(key, {
      bytes: 64 * mib,
      mimeType: 'video/mp4',
      async *open() {
        try {
          for (let i = 0; i < 64; i++) {
            if (i === 2) proxy.freeze();
            yield randomBytes(mib);
          }
        } finally {
          isReturned = true;
        }
      },
    });
    await expect(put).rejects.toThrow(Unavailable);
    expect(isReturned).toBe(true);
    await expect(through.blobs.stat(key)).rejects.toThrow(Unavailable);
    await expect(through.blobs.withhold([key])).rejects.toThrow(Unavailable);
    await expect(through.blobs.delete([key])).rejects.toThrow(Unavailable);
    await expect(through.blobs.list({ limit: 1 })).rejects.toThrow(Unavailable);
    await expect(through.blobs.get(key)).rejects.toThrow(Unavailable);
    expect(await opened.blobs.stat(key)).toBeUndefined();
  });

  it('are unavailable while S3 is down, and fail immediately while the breaker is open', async () => {
    await using proxy = await openTcpProxy(testS3Url());
    using through = openBlobs({ ...place, url: proxy.url }, () => {}, short);
    const { blobs, dependency } = through;
    const key = newMediaKey('image/webp');
    await blobs.put(key, blobOf(Buffer.from('x')));
    proxy.break();
    await expect
      .poll(async () => {
        await Promise.all(
          Array.from({ length: 30 }, () =>
            expect(blobs.stat(key)).rejects.toMatchObject({ dependency: 'objects' }),
          ),
        );
        return dependency.isOpen;
      })
      .toBe(true);
    expect(await dependency.status()).toMatchObject({ name: 'objects', primary: false, state: 'open' });
    proxy.mend();
    await expect.poll(() => dependency.isOpen, { timeout: 30_000 }).toBe(false);
    expect(await blobs.stat(key)).toMatchObject({ bytes: 1 });
    expect(await dependency.status()).toMatchObject({ state: 'up', degraded: null });
  });

  it('are refused with wrong keys, and the error does not contain them', async () => {
    const url = new URL(testS3Url());
    url.password = 'hunter2hunter2';
    using wrong = openBlobs({ ...place, url: url.href }, () => {});
    const key = newMediaKey('image/webp');
    const refusals = await Promise.all(
      [wrong.blobs.put(key, blobOf(Buffer.from('x'))), wrong.blobs.get(key)].map((asked) =>
        asked.then(() => undefined).catch((error: Error) => error),
      ),
    );
    for (const refusal of refusals) {
      expect(refusal).toBeInstanceOf(Unavailable);
      expect(String(refusal?.cause)).not.toContain('hunter2');
    }
    expect(await wrong.dependency.status()).toMatchObject({ state: 'down' });
  });

  it('have a known state without a bucket', async () => {
    using none = openS3(testS3Place(randomNamespace()));
    expect(await none.ask(() => none.minio.bucketExists(none.place.bucket))).toBe(false);
    const fresh = testS3Place(randomNamespace());
    made.push(fresh);
    using nowhere = openBlobs(fresh, () => {});
    const key = newMediaKey('image/webp');
    expect(await nowhere.blobs.get(key)).toBeUndefined();
    expect(await nowhere.blobs.stat(key)).toBeUndefined();
    expect(await nowhere.blobs.list({ limit: 5 })).toEqual([]);
    expect((await nowhere.dependency.status()).state).toBe('up');
  });
});

describe('an S3 without free space', () => {
  it.each([
    [507, 'XMinioStorageFull'],
    [507, 'Whatever'],
    [500, 'XRustfsStorageFull'],
    [403, 'QuotaExceeded'],
  ])('refuses puts as storage_full: %i %s', async (status, code) => {
    const server = createServer((request, response) => {
      request.resume();
      if (request.method === 'PUT') response.statusCode = status;
      const answer = request.url?.includes('policy')
        ? '{"Statement":[{"Effect":"Allow","Principal":"*","Action":"s3:*","Resource":"arn:aws:s3:::full/media/*"}]}'
        : `<Error><Code>${code}</Code><Message>no space</Message></Error>`;
      request.on('end', () => response.end(request.method === 'HEAD' ? '' : answer));
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    const { port } = server.address() as AddressInfo;
    const url = `http://key:secret@127.0.0.1:${port}`;
    using full = openBlobs(
      { url, bucket: 'full', region: 'us-east-1', pathStyle: true, prefix: '' },
      () => {},
    );
    for (const bytes of [10, 2 * mib]) {
      await expect(
        full.blobs.put(newMediaKey('image/webp'), blobOf(Buffer.alloc(bytes))),
      ).rejects.toMatchObject({ code: 'storage_full', status: 503 });
    }
    expect(full.dependency.isOpen).toBe(false);
    server.closeAllConnections();
    server.close();
  });
});
