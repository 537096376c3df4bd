import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { raw } from './raw-body.ts';
import { rawRequest } from './testing/raw-request.ts';
import { serveTest } from './testing/serve.ts';

class Teapot extends Error {}

describe('responses', () => {
  it('answers c.noBody() without body, type and length', async () => {
    await using server = await serveTest();
    const response = await rawRequest(server.port, 'DELETE /notes/1');
    expect(response.status).toBe(204);
    expect(response.head).not.toMatch(/content-(type|length)|transfer-encoding/);
    expect(response.body).toBe('');
  });

  it('sends raw JSON unmodified, with its length in bytes', async () => {
    await using server = await serveTest({
      echo: () => ({ status: 200, body: raw('{"a": "é"}') }),
      params: () => ({ status: 200, body: raw(Buffer.from('[1]')) }),
    });
    const text = await fetch(`${server.url}/echo`, { method: 'POST' });
    expect(text.headers.get('content-length')).toBe('11');
    expect(await text.text()).toBe('{"a": "é"}');
    expect(await (await fetch(`${server.url}/params/a/b`)).text()).toBe('[1]');
  });

  it('serialises strings, arrays and null as JSON', async () => {
    const bodies = ['text', ['a'], null];
    await using server = await serveTest({ echo: () => ({ status: 200, body: bodies.shift() }) });
    for (const expected of ['"text"', '["a"]', 'null']) {
      expect(await (await fetch(`${server.url}/echo`, { method: 'POST' })).text()).toBe(expected);
    }
  });

  it('responds with the declared content type, unless the handler sets one', async () => {
    await using server = await serveTest({
      createNote: () => ({ status: 409, body: { status: 409, kind: 'taken' } }),
      params: () => ({ status: 200, headers: { 'CONTENT-TYPE': 'application/ld+json' }, body: {} }),
    });
    const conflict = await fetch(`${server.url}/folders/abc/notes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-kind': 'plain' },
      body: '{"text":"a"}',
    });
    expect(conflict.headers.get('content-type')).toBe('application/problem+json');
    expect(await conflict.json()).toEqual({ status: 409, kind: 'taken' });
    expect((await fetch(`${server.url}/params/a/b`)).headers.get('content-type')).toBe('application/ld+json');
  });

  it('logs an undeclared status and answers 500', async () => {
    await using server = await serveTest({ params: () => ({ status: 299 as 200, body: {} }) });
    const response = await fetch(`${server.url}/params/a/b`);
    expect([response.status, await response.json()]).toEqual([500, { kind: 'undeclared_status' }]);
    expect(server.logged).toEqual([
      { kind: 'undeclared_status', operationId: 'params', status: 299, error: undefined },
    ]);
  });

  it('logs values that cannot be serialized, and unmapped errors', async () => {
    const unknown = new Error('unknown');
    await using server = await serveTest({
      params: () => ({ status: 200, body: { big: 1n } }),
      echo: () => ({ status: 200, body: undefined }),
      putNote: () => Promise.reject(unknown),
    });
    expect((await fetch(`${server.url}/params/a/b`)).status).toBe(500);
    expect((await fetch(`${server.url}/echo`, { method: 'POST' })).status).toBe(500);
    const response = await fetch(`${server.url}/notes/1`, { method: 'PUT' });
    expect([response.status, await response.json()]).toEqual([500, { kind: 'internal' }]);
    expect(server.logged).toMatchObject([
      { kind: 'internal', operationId: 'params', error: expect.any(TypeError) },
      { kind: 'internal', operationId: 'echo', error: expect.any(TypeError) },
      { kind: 'internal', operationId: 'putNote', error: unknown },
    ]);
  });

  it('answers a bare 500 when onProblem itself fails', async () => {
    await using server = await serveTest({}, { onProblem: () => Promise.reject as never });
    const response = await fetch(`${server.url}/nothing`);
    expect([response.status, await response.text()]).toEqual([500, '']);
    expect(server.logged).toHaveLength(1);
  });

  it('maps errors to declared and common statuses, and to no others', async () => {
    let status = 401;
    await using server = await serveTest(
      { putNote: () => Promise.reject(new Teapot('short')) },
      {
        commonStatuses: [429],
        mapError: (error) =>
          error instanceof Teapot ? { status, body: { kind: error.message } } : undefined,
      },
    );
    const put = () => fetch(`${server.url}/notes/1`, { method: 'PUT' });
    const declared = await put();
    expect([declared.status, declared.headers.get('content-type')]).toEqual([
      401,
      'application/problem+json',
    ]);
    status = 429;
    expect([(await put()).status, server.logged.length]).toEqual([429, 0]);
    status = 418;
    expect((await put()).status).toBe(500);
    expect(server.logged).toMatchObject([
      { kind: 'undeclared_status', status: 418, error: expect.any(Teapot) },
    ]);
  });

  it('validates response bodies if configured, including raw ones', async () => {
    await using server = await serveTest(
      {
        getNote: () => ({ status: 200, body: { noteId: '1', text: 1 as unknown as string, tags: [] } }),
        putNote: () => ({ status: 200, body: raw('{"noteId":1}') }),
      },
      { validateResponses: true },
    );
    expect((await fetch(`${server.url}/notes/1`)).status).toBe(500);
    expect((await fetch(`${server.url}/notes/1`, { method: 'PUT' })).status).toBe(500);
    expect((await fetch(`${server.url}/run?mode=x`)).status).toBe(200);
    expect(server.logged).toMatchObject([
      {
        kind: 'invalid_response',
        operationId: 'getNote',
        status: 200,
        issues: [{ in: 'body', path: 'text' }],
      },
      {
        kind: 'invalid_response',
        operationId: 'putNote',
        status: 200,
        issues: [{ in: 'body', path: 'noteId' }],
      },
    ]);
  });
});

describe('conditional requests', () => {
  it('adds an ETag to GET and HEAD, and answers a matching If-None-Match with 304', async () => {
    await using server = await serveTest({}, { etag: true });
    const first = await fetch(`${server.url}/notes/1`);
    const etag = first.headers.get('etag') ?? '';
    expect(etag).toMatch(/^W\/"[\w-]{22}"$/);
    for (const method of ['GET', 'HEAD']) {
      for (const value of [etag, etag.slice(2), `"other", ${etag}`, '*']) {
        const response = await rawRequest(server.port, `${method} /notes/1`, [`If-None-Match: ${value}`]);
        expect([value, response.status, response.body]).toEqual([value, 304, '']);
        expect(response.head).toContain(`etag: ${etag.toLowerCase()}`);
        expect(response.head).not.toMatch(/content-/);
      }
    }
    const other = await fetch(`${server.url}/notes/2`, { headers: { 'if-none-match': `${etag}, "x"` } });
    expect(other.status).toBe(200);
    expect((await fetch(`${server.url}/notes/1`, { method: 'PUT' })).headers.get('etag')).toBeNull();
  });

  it('takes an ETag from the handler, or from a function that knows the operation', async () => {
    await using server = await serveTest(
      {
        params: () => ({ status: 200, headers: { ETag: '"rev-7"', 'Cache-Control': 'no-cache' }, body: {} }),
      },
      { etag: (_body, ctx) => (ctx.operationId === 'getNote' ? '"fixed"' : undefined) },
    );
    const own = await rawRequest(server.port, 'GET /params/a/b', ['If-None-Match: W/"rev-7"']);
    expect(own.status).toBe(304);
    expect(own.head).toContain('cache-control: no-cache');
    expect((await fetch(`${server.url}/notes/1`)).headers.get('etag')).toBe('"fixed"');
    expect((await fetch(`${server.url}/run?mode=x`)).headers.get('etag')).toBeNull();
  });
});

describe('streams', () => {
  async function* greet() {
    yield 'data: hello\n\n';
    yield new TextEncoder().encode('data: wörld\n\n');
  }

  it.each([
    ['an async generator', () => greet()],
    ['a Node stream', () => Readable.from(greet())],
    ['a web stream', () => ReadableStream.from(greet())],
    ['a plain iterator', () => ['data: hello\n\n', 'data: wörld\n\n'].values()],
  ])('writes %s', async (_name, body) => {
    await using server = await serveTest({
      nested: {
        deep: { run: ({ query }) => ({ status: 200, body: query }) },
        stream: () => ({ status: 200, body: body() }),
      },
    });
    const response = await fetch(`${server.url}/stream`);
    expect(response.headers.get('content-type')).toBe('text/event-stream');
    expect(response.headers.get('content-length')).toBeNull();
    expect(await response.text()).toBe('data: hello\n\ndata: wörld\n\n');
    const head = await rawRequest(server.port, 'HEAD /stream');
    expect([head.status, head.body]).toEqual([200, '']);
  });

  it('waits for a slow client', async () => {
    let produced = 0;
    const chunk = Buffer.alloc(64 * 1024);
    await using server = await serveTest({
      params: () => ({
        status: 200,
        body: (function* () {
          for (; produced < 400; produced += 1) yield chunk;
        })(),
      }),
    });
    const response = await fetch(`${server.url}/params/a/b`);
    let received = 0;
    for await (const part of response.body ?? []) received += part.length;
    expect(received).toBe(400 * chunk.length);
  });

  it('answers 500 when the source fails before its first chunk', async () => {
    await using server = await serveTest({
      params: () => ({
        status: 200,
        // biome-ignore lint/correctness/useYield: a source that fails at once
        body: (async function* (): AsyncGenerator<string> {
          throw new Error('no source');
        })(),
      }),
    });
    const response = await fetch(`${server.url}/params/a/b`);
    expect([response.status, await response.json()]).toEqual([500, { kind: 'internal' }]);
    expect(server.logged).toMatchObject([{ kind: 'internal', operationId: 'params' }]);
  });

  it('closes the connection when the source fails later, so that the client notices', async () => {
    const firstSeen = Promise.withResolvers<void>();
    await using server = await serveTest({
      params: () => ({
        status: 200,
        body: (async function* () {
          yield 'first';
          await firstSeen.promise;
          throw new Error('lost source');
        })(),
      }),
    });
    const response = await fetch(`${server.url}/params/a/b`);
    const reader = response.body?.getReader();
    expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('first');
    firstSeen.resolve();
    await expect(reader?.read()).rejects.toThrow();
    expect(server.logged).toMatchObject([{ kind: 'stream_failed', operationId: 'params' }]);
  });
});
