import { join } from 'node:path';
import { createContext, runInContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { build } from 'esbuild';
import { describe, expect, it } from 'vitest';
import type * as sdk from './index.ts';
import { ConflictError, isTwiteError, NotFoundError, TwiteProblemError } from './index.ts';
import { NodeXhr } from './testing/node-xhr.ts';
import { problem, scriptedServer } from './testing/scripted-server.ts';
import { answer, sha256, uploadServer } from './testing/upload-server.ts';

/** The package as bundled for browsers. */
async function bundle(
  format: 'esm' | 'iife',
  external: string[] = [],
): Promise<{ text: string; warnings: readonly unknown[] }> {
  const { outputFiles, warnings } = await build({
    entryPoints: [join(import.meta.dirname, 'index.ts')],
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    format,
    globalName: 'sdk',
    target: 'es2022',
    external,
  });
  return { text: outputFiles[0]?.text ?? '', warnings };
}

/** Loads the bundle without any Node globals, as in a browser. */
async function inBrowser(more: object = {}): Promise<typeof sdk> {
  const { text } = await bundle('iife');
  const { Blob, File, URL, Headers, Response, ReadableStream, AbortController, TextEncoder, TextDecoder } =
    globalThis;
  const context = createContext({
    ...{ Blob, File, URL, Headers, Response, ReadableStream, AbortController, TextEncoder, TextDecoder },
    ...{ fetch, crypto, setTimeout, clearTimeout, ArrayBuffer, Uint8Array, Error, TypeError },
    ...more,
  });
  return runInContext(`${text};sdk`, context);
}

const conflict = {
  operation: { id: 'setRole', namespace: 'admin', name: 'setRole' },
  status: 409,
  code: 'last_admin',
  title: 'The last admin',
  detail: 'There would be no admin left.',
  requestId: undefined,
  errors: [],
  retryAfterSeconds: undefined,
} as const;

const bytes = new Uint8Array(500_000).map((_, index) => index % 253);

describe('in a browser', () => {
  it('the package bundles without Node, into 10 KiB, including two for media', async () => {
    const { text, warnings } = await bundle('esm');
    expect(warnings).toEqual([]);
    expect(gzipSync(text, { level: 9 }).byteLength).toBeLessThanOrEqual(10 * 1024);
    const { text: withoutMedia } = await bundle('esm', ['./upload/*']);
    expect(withoutMedia).toContain('./upload/upload-body.ts');
    expect(gzipSync(withoutMedia, { level: 9 }).byteLength).toBeLessThanOrEqual(8 * 1024);
  });

  it('a failed request to another origin mentions CORS', async () => {
    const message = async (location: object) => {
      const { createTwite } = await inBrowser({ location });
      const twite = createTwite({
        baseUrl: 'http://twite.example:8080/api',
        retries: 0,
        fetch: () => Promise.reject(new TypeError('Failed to fetch')),
      });
      return twite.instance.get().catch((error: Error) => error.message);
    };
    expect(await message({ origin: 'https://page.example' })).toBe(
      'instance.get got no answer from http://twite.example:8080/api. The server may be down, or not allow this page (CORS): set TWITE_CORS_ORIGINS=https://page.example there.',
    );
    expect(await message({ origin: 'http://twite.example:8080' })).toBe(
      'instance.get got no answer from http://twite.example:8080/api.',
    );
  });

  it('an environment provided by a bundler is ignored', async () => {
    const process = { env: { TWITE_URL: 'http://twite.example', TWITE_TOKEN: 'twp_secret' } };
    const { createTwite } = await inBrowser({ process });
    expect(() => createTwite()).toThrow('Say where the server is: createTwite({ baseUrl:');
  });

  it('errors are recognised across copies of the package, unlike with instanceof', async () => {
    await using server = await scriptedServer(() => problem(404, 'account_not_found'));
    const copy = await inBrowser();
    const error = await copy
      .createTwite({ baseUrl: server.baseUrl })
      .accounts.get({ accountId: '9' })
      .catch((thrown: unknown) => thrown);
    expect(error).not.toBeInstanceOf(NotFoundError);
    expect(isTwiteError(error)).toBe(true);
    expect(isTwiteError(error, NotFoundError) && error.code).toBe('account_not_found');
    expect(isTwiteError(error, TwiteProblemError)).toBe(true);
    expect(isTwiteError(error, ConflictError)).toBe(false);
    expect(copy.isTwiteError(new ConflictError(conflict), copy.ConflictError)).toBe(true);
    for (const other of [undefined, null, 'TwiteError', {}, new Error('x'), { name: 'TwiteError' }]) {
      expect(isTwiteError(other)).toBe(false);
    }
  });

  it('files, bytes and streams are uploaded with their size', async () => {
    await using server = await uploadServer();
    const twite = (await inBrowser()).createTwite({ baseUrl: server.baseUrl });
    const sources = [new File([bytes], 'a.png'), bytes, new Blob([bytes]).stream()];
    for (const source of sources) {
      const told: sdk.UploadProgress[] = [];
      await twite.media.upload(source, { altText: 'Rain', onProgress: (progress) => told.push(progress) });
      const { headers, form } = server.received.at(-1) as (typeof server.received)[number];
      expect((await form).files.file).toMatchObject({ sha256: sha256(bytes) });
      const totalBytes = Number(headers['content-length']);
      // fetch in browsers reports no intermediate progress.
      expect(told).toEqual([
        { sentBytes: 0, totalBytes },
        { sentBytes: totalBytes, totalBytes },
      ]);
    }
  });

  it('a stream is collected first, and can be retried', async () => {
    await using server = await uploadServer();
    let tries = 0;
    const twite = (await inBrowser()).createTwite({
      baseUrl: server.baseUrl,
      delay: async () => undefined,
      fetch: (url, init) => (++tries === 1 ? Promise.reject(new TypeError('reset')) : fetch(url, init)),
    });
    await twite.media.upload(new Blob([bytes]).stream());
    expect((await server.received[0]?.form)?.files.file?.bytes).toBe(bytes.byteLength);
  });

  it('paths are not supported', async () => {
    const twite = (await inBrowser()).createTwite({ baseUrl: 'http://twite.example' });
    await expect(twite.media.upload('/etc/hosts')).rejects.toThrow('Give a File or a Blob');
  });

  describe('with XMLHttpRequest', () => {
    const withXhr = () => inBrowser({ XMLHttpRequest: NodeXhr });

    it('progress is reported while the file is sent', async () => {
      await using server = await uploadServer();
      const twite = (await withXhr()).createTwite({ baseUrl: server.baseUrl, userAgent: 'a test' });
      const told: number[] = [];
      const media = await twite.media.upload(bytes, { onProgress: ({ sentBytes }) => told.push(sentBytes) });
      expect(media.mediaId).toBe('7');
      expect(new Set(told).size).toBeGreaterThan(3);
      expect(told.at(-1)).toBe(Number(server.received[0]?.headers['content-length']));
      expect(server.received[0]?.headers['idempotency-key']).toMatch(/^[0-9a-f]{32}$/);
      expect(server.received[0]?.headers['user-agent']).toBeUndefined();
    });

    it('a refusal has its headers, and a broken connection is retried', async () => {
      await using server = await uploadServer(({ request, response }, index) => {
        if (index === 0) request.socket.destroy();
        else {
          request.resume();
          response.setHeader('retry-after', '60');
          request.on('end', () => answer(response, 429, problem(429, 'upload_rate_limited').json));
        }
        return 'done';
      });
      const { createTwite, RateLimitedError } = await withXhr();
      const twite = createTwite({ baseUrl: server.baseUrl, delay: async () => undefined });
      const error = await twite.media.upload(bytes).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(RateLimitedError);
      expect(error).toMatchObject({ code: 'upload_rate_limited', retryAfterSeconds: 60 });
      expect(server.received.length).toBe(2);
    });

    it('an aborted upload rejects with the reason', async () => {
      await using server = await uploadServer();
      const twite = (await withXhr()).createTwite({ baseUrl: server.baseUrl });
      const controller = new AbortController();
      const reason = new Error('changed my mind');
      const uploading = twite.media.upload(bytes, {
        signal: controller.signal,
        onProgress: ({ sentBytes }) => {
          if (sentBytes > 100_000) controller.abort(reason);
        },
      });
      await expect(uploading).rejects.toBe(reason);
    });
  });
});
