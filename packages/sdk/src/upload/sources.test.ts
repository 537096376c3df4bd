import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTwite, TwiteInputError, type UploadSource } from '../index.ts';
import { sha256, type UploadServer, uploadServer } from '../testing/upload-server.ts';

const bytes = new Uint8Array(randomBytes(300_000));
let folder: string;
let path: string;
let server: UploadServer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twite-sdk-'));
  path = join(folder, 'a picture "of" rain.jpg');
  await writeFile(path, bytes);
  server = await uploadServer();
});
afterAll(async () => {
  await server[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const client = () => createTwite({ baseUrl: server.baseUrl, retries: 0 });

async function* chunksOf(size: number): AsyncGenerator<Uint8Array> {
  for (let at = 0; at < bytes.byteLength; at += size) yield bytes.subarray(at, at + size);
}

describe('an upload arrives unchanged', () => {
  const sources: Record<string, () => { source: UploadSource; filename: string; known: boolean }> = {
    'a Blob': () => ({ source: new Blob([bytes]), filename: 'file', known: true }),
    'a File': () => ({ source: new File([bytes], 'rain.png'), filename: 'rain.png', known: true }),
    'a Uint8Array within a larger buffer': () => {
      const larger = new Uint8Array(bytes.byteLength + 200);
      larger.set(bytes, 100);
      return { source: larger.subarray(100, -100), filename: 'file', known: true };
    },
    'an ArrayBuffer': () => ({ source: bytes.slice().buffer, filename: 'file', known: true }),
    'a DataView': () => ({ source: new DataView(bytes.buffer), filename: 'file', known: true }),
    'a path': () => ({ source: path, filename: 'a picture %22of%22 rain.jpg', known: true }),
    'a file: URL': () => ({
      source: pathToFileURL(path),
      filename: 'a picture %22of%22 rain.jpg',
      known: true,
    }),
    'a ReadableStream': () => ({ source: new Blob([bytes]).stream(), filename: 'file', known: false }),
    'a Node stream': () => ({ source: createReadStream(path), filename: 'file', known: false }),
    'an async generator': () => ({ source: chunksOf(70_001), filename: 'file', known: false }),
  };

  it.each(Object.entries(sources))('%s', async (_, make) => {
    const { source, filename, known } = make();
    expect(await client().media.upload(source)).toMatchObject({ mediaId: '7' });
    const { headers, form } = server.received.at(-1) as UploadServer['received'][number];
    expect(await form).toEqual({
      fields: {},
      files: { file: { filename, bytes: bytes.byteLength, sha256: sha256(bytes) } },
      order: ['file'],
    });
    // A server can then refuse a file that is too large before it arrives.
    expect('content-length' in headers).toBe(known);
    expect(headers['transfer-encoding']).toBe(known ? undefined : 'chunked');
  });

  it('with its fields before it and its poster after it', async () => {
    const altText = 'Rain — "again" \r\n--\u00e9\u{1f327}';
    const options = { altText, focus: { x: -0.25, y: 1 }, poster: new File(['still'], 'still.png') };
    await client().media.upload(path, options);
    const form = await server.received.at(-1)?.form;
    expect(form?.fields).toEqual({ altText, focus: '-0.250000,1.000000' });
    expect(form?.files.poster).toMatchObject({ filename: 'still.png', bytes: 5 });
    expect(form?.order).toEqual(['altText', 'focus', 'file', 'poster']);
  });

  it('for any bytes, name and alt text', async () => {
    const twite = client();
    const line = fc.stringMatching(/^[\r\n"\-;: a-z\u00e9]{0,20}$/);
    await fc.assert(
      fc.asyncProperty(fc.uint8Array({ maxLength: 200 }), line, line, async (content, name, altText) => {
        await twite.media.upload(new File([content], name), { altText });
        const form = await server.received.at(-1)?.form;
        expect(form?.files.file).toMatchObject({ bytes: content.byteLength, sha256: sha256(content) });
        expect(form?.fields.altText).toBe(altText);
      }),
      { numRuns: 200 },
    );
  });

  it('and only the last part of its name', async () => {
    for (const [name, filename] of [
      ['../../etc/passwd', 'passwd'],
      ['C:\\pictures\\a.gif', 'a.gif'],
      ['folder/', 'file'],
      ['a"; filename="b\r\nX: y', 'a%22; filename=%22b%0D%0AX: y'],
    ] as const) {
      await client().media.upload(new File(['x'], name));
      expect((await server.received.at(-1)?.form)?.files.file?.filename).toBe(filename);
    }
  });
});

describe('nothing is sent', () => {
  it.each<[string, unknown, unknown]>([
    ['of a path that is not there', '/nowhere/at-all.jpg', { code: 'ENOENT' }],
    ['of a folder', tmpdir(), new TwiteInputError(`${tmpdir()} is not a file.`)],
    ['of a URL that is no file', new URL('https://twite.example/a.jpg'), { code: 'ERR_INVALID_URL_SCHEME' }],
    ['of a number', 7, expect.any(TwiteInputError)],
    ['of null', null, expect.any(TwiteInputError)],
    ['of an object', {}, expect.any(TwiteInputError)],
  ])('%s', async (_, source, error) => {
    const before = server.received.length;
    const thrown = await client()
      .media.upload(source as UploadSource)
      .catch((reason: unknown) => reason);
    expect(thrown).toMatchObject(error as object);
    expect(server.received.length).toBe(before);
  });

  it('with a key that is not a valid header value', async () => {
    const uploading = client().media.upload(path, { idempotencyKey: 'two words' });
    await expect(uploading).rejects.toThrow('visible ASCII');
  });
});
