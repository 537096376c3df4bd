import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import { type AddressInfo, connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Deps, defaultSettings } from '@twite/core/engine';
import { createIdGenerator } from '@twite/core/ids/ids';
import { mediaUrlFrom } from '@twite/core/media/present-media';
import { createTimelineRebuilds } from '@twite/core/timelines/timeline-rebuilds';
import { currentTrace } from '@twite/core/trace';
import { openEmbeddedEngine } from '@twite/engine-embedded';
import { describeProcess } from '@twite/process/describe-process';
import { createMediaProcessor } from '@twite/workers/media';
import { expect, test } from 'vitest';
import { createPasswordHasher } from '../passwords/create-password-hasher.ts';
import { createApp } from './create-app.ts';
import type { FinishedRequest, HttpConfig } from './http-config.ts';
import { openUploadFolder } from './uploads/upload-folder.ts';

interface Line {
  readonly level: string;
  // biome-ignore lint/suspicious/noExplicitAny: whatever is logged
  readonly [key: string]: any;
}

/** The application on an in-memory engine, with its log and metrics. Answers are checked against the contract. */
async function serve(config: Partial<HttpConfig> = {}, clock = { now: () => Date.now() }) {
  await using opening = new AsyncDisposableStack();
  const open = opening.use(
    await openEmbeddedEngine({ location: ':memory:', clock, settings: defaultSettings }),
  );
  const uploadDir = mkdtempSync(join(tmpdir(), 'twite-app-'));
  opening.defer(() => rmSync(uploadDir, { recursive: true, force: true }));
  const uploads = opening.use(await openUploadFolder(uploadDir));
  const passwords = opening.use(createPasswordHasher());
  const ids = createIdGenerator({ clock, machine: 0 });
  const deps: Deps = {
    ...open.engine,
    clock,
    ids,
    passwords,
    mediaProcessor: opening.use(createMediaProcessor({ limits: defaultSettings.media, folder: uploadDir })),
    mediaUrl: mediaUrlFrom('http://media.example'),
    timelineRebuilds: createTimelineRebuilds(),
    settings: defaultSettings,
  };
  const lines: Line[] = [];
  const finished: FinishedRequest[] = [];
  const { promise: started, resolve: start } = Promise.withResolvers<void>();
  let tellOver = () => {};
  const nextIsOver = () =>
    new Promise<void>((resolve) => {
      tellOver = resolve;
    });
  const write = (level: string) => (details: object, msg: string) => {
    lines.push({ level, msg, ...details });
  };
  const listener = createApp({
    deps,
    config: {
      instanceName: 'Test',
      services: ['posts', 'social', 'profile'],
      rateLimits: null,
      jsonBodyBytesMax: 65_536,
      trustedProxies: 0,
      corsOrigins: [],
      hsts: false,
      shed: { delayMs: null, workMax: null },
      ...config,
    },
    log: {
      debug: write('debug'),
      info: write('info'),
      warn: write('warn'),
      error: write('error'),
      isLevelEnabled: () => true,
    },
    metrics: {
      rateLimited() {},
      requestShed() {},
      uploadReceived() {},
      requestStarted: start,
      requestFinished: (request) => {
        finished.push(request);
        // Its line is logged after it is counted.
        setImmediate(tellOver);
      },
    },
    uploads,
    readiness: {
      isReady: () =>
        open.checkPrimary().then(
          () => true,
          () => false,
        ),
    },
    engineStatus: () => open.status(),
    description: describeProcess('all'),
    validateResponses: true,
  });
  const server = createServer(listener);
  opening.defer(() => server.close().closeAllConnections());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const resources = opening.move();
  return {
    url,
    lines,
    finished,
    started,
    nextIsOver,
    closeEngine: () => open[Symbol.asyncDispose](),
    /** Makes a request, and waits until the server has finished it too. */
    async ask(path: string, init?: RequestInit) {
      const over = nextIsOver();
      const response = await fetch(`${url}${path}`, init);
      const text = await response.text();
      await over;
      return { status: response.status, headers: response.headers, text };
    },
    [Symbol.asyncDispose]: () => resources.disposeAsync(),
  };
}

test('a request is one log line, without the search query and tokens', async () => {
  await using server = await serve();
  await server.ask('/v1/search/posts?q=secret+thoughts', { headers: { 'x-request-id': 'request-1' } });
  await server.ask('/nothing?q=secret', { headers: { authorization: 'Bearer twa_secret' } });
  expect(server.lines).toMatchObject([
    { level: 'debug', operationId: 'searchPosts', method: 'GET', status: 200, requestId: 'request-1' },
    { level: 'info', path: '/nothing', status: 404 },
  ]);
  expect(JSON.stringify(server.lines)).not.toContain('secret');
  expect(server.finished).toMatchObject([
    { operation: 'searchPosts', method: 'GET', status: 200, seconds: expect.any(Number) },
    { operation: 'none', method: 'GET', status: 404, seconds: expect.any(Number) },
  ]);
});

const sent = '00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00';
const sentTraceId = '0af7651916cd43dd8448eb211c80319c';

test('a line has the trace of the client, or its own', async () => {
  await using server = await serve();
  const traceIdFor = async (method: string, traceparent?: string): Promise<unknown> => {
    const headers = traceparent === undefined ? undefined : { traceparent };
    await server.ask(method === 'GET' ? '/v1/instance' : '/v1/sessions', { method, headers });
    return server.lines.at(-1)?.traceId;
  };
  for (const method of ['GET', 'POST']) {
    expect(await traceIdFor(method, sent)).toBe(sentTraceId);
    const own = [await traceIdFor(method), await traceIdFor(method, 'nonsense')];
    for (const traceId of own) expect(traceId).toMatch(/^[0-9a-f]{32}$/);
    expect(new Set(own).size).toBe(2);
  }
});

test('a handler that can change something runs within a span of the trace', async () => {
  const traces = new Set<string | undefined>();
  const now = () => {
    traces.add(currentTrace());
    return Date.now();
  };
  await using server = await serve({}, { now });
  const body = JSON.stringify({ handle: 'ann', password: 'a long password of ann' });
  const headers = { 'content-type': 'application/json', traceparent: sent };
  expect((await server.ask('/v1/accounts', { method: 'POST', headers, body })).status).toBe(201);
  await server.ask('/v1/instance', { headers });
  traces.delete(undefined);
  expect([...traces]).toEqual([expect.stringMatching(`^00-${sentTraceId}-[0-9a-f]{16}-00$`)]);
  expect(traces).not.toContain(sent);
});

test('an unexpected error is logged, and hidden from the client', async () => {
  await using server = await serve();
  await server.closeEngine();
  const { status, text } = await server.ask('/v1/accounts/by-handle/ann', {
    headers: { 'x-request-id': 'request-2' },
  });
  expect(status).toBe(500);
  expect(JSON.parse(text)).toEqual({
    type: '/docs#internal_error',
    title: 'Internal error',
    status: 500,
    detail:
      'Something went wrong on the server. If it happens again, report the `requestId` to the administrators.',
    code: 'internal_error',
    requestId: 'request-2',
  });
  expect(server.lines).toMatchObject([
    { level: 'error', err: expect.any(Error), operationId: 'getAccountByHandle', requestId: 'request-2' },
    { level: 'error', status: 500, requestId: 'request-2' },
  ]);
});

test('a server without its store is live, but not ready', async () => {
  await using server = await serve();
  await server.closeEngine();
  const ready = await server.ask('/readyz');
  expect([ready.status, ready.headers.get('retry-after')]).toEqual([503, '1']);
  expect(JSON.parse(ready.text).code).toBe('unavailable');
  expect((await server.ask('/livez')).status).toBe(200);
});

test('the address of a client is the one that the outermost trusted proxy saw', async () => {
  const read = { perAccount: null, perAddress: { limit: 1, windowSeconds: 60 } };
  const rateLimits = {
    read,
    search: read,
    write: read,
    signIn: read,
    signUp: read,
    refresh: read,
    upload: read,
  };
  await using server = await serve({ trustedProxies: 2, rateLimits });
  const statusFrom = async (forwarded: string) =>
    (await server.ask('/v1/instance', { headers: { 'x-forwarded-for': forwarded } })).status;
  expect(await statusFrom('192.0.2.1, 10.0.0.1')).toBe(200);
  expect(await statusFrom('forged, 192.0.2.1, 10.0.0.1')).toBe(429);
  expect(await statusFrom('192.0.2.1, 192.0.2.2, 10.0.0.1')).toBe(200);
});

test('an IPv6 client is identified by its /64', async () => {
  const read = { perAccount: null, perAddress: { limit: 1, windowSeconds: 60 } };
  const rateLimits = {
    read,
    search: read,
    write: read,
    signIn: read,
    signUp: read,
    refresh: read,
    upload: read,
  };
  await using server = await serve({ trustedProxies: 1, rateLimits });
  const statusFrom = async (forwarded: string) =>
    (await server.ask('/v1/instance', { headers: { 'x-forwarded-for': forwarded } })).status;
  expect(await statusFrom('2001:db8::1')).toBe(200);
  expect(await statusFrom('2001:db8::2')).toBe(429);
  expect(await statusFrom('2001:db8:0:1::1')).toBe(200);
});

test('HSTS is sent if configured', async () => {
  await using server = await serve({ hsts: true });
  const { headers } = await server.ask('/v1/instance');
  expect(headers.get('strict-transport-security')).toBe('max-age=31536000');
});

test('every origin can call if so configured, and responses do not vary by it', async () => {
  await using server = await serve({ corsOrigins: ['*'] });
  const { headers } = await server.ask('/v1/instance', { headers: { origin: 'https://any.example' } });
  expect(headers.get('access-control-allow-origin')).toBe('*');
  expect(headers.get('vary')).toBe('Authorization');
});

test('a client that disconnects is counted, and is not an error', async () => {
  await using server = await serve();
  const { port } = new URL(server.url);
  const socket = connect(Number(port), '127.0.0.1');
  socket.write(
    'POST /v1/sessions HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{',
  );
  await server.started;
  const over = server.nextIsOver();
  socket.destroy();
  await over;
  expect(server.finished).toMatchObject([{ operation: 'createSession', method: 'POST', status: 499 }]);
  expect(server.lines.filter(({ level }) => level === 'error')).toEqual([]);
  expect(server.lines).toContainEqual(expect.objectContaining({ status: 499, msg: 'request aborted' }));
});

test('the landing page describes the server, has working links, and shows its address', async () => {
  await using server = await serve({ instanceName: 'Café <b>', publicUrl: 'https://twite.example/base' });
  const page = await server.ask('/');
  expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
  expect(page.text).toContain('<h1>Café &lt;b&gt;</h1>');
  expect(page.text).toContain('export TWITE_URL=https://twite.example/base\n');
  expect(page.text).toContain("createTwite({ baseUrl: 'https://twite.example/base' })");
  const links = [...page.text.matchAll(/href="([^"]+)"/g)].map(([, path]) => path);
  expect(links).toEqual(['docs/favicon-32x32.png', 'docs', 'openapi.json', 'v1/instance']);
  for (const path of [...links, 'favicon.ico']) expect((await server.ask(`/${path}`)).status).toBe(200);
  const style = /<style>([\s\S]*)<\/style>/.exec(page.text)?.[1] ?? '';
  const policy = page.headers.get('content-security-policy');
  expect(policy).toContain(`style-src 'sha256-${hash('sha256', style, 'base64')}'`);
  expect(policy).not.toContain('script-src');
});

test('without a public address the landing page shows the one of the connection, not the Host header', async () => {
  await using server = await serve();
  const page = await server.ask('/', { headers: { host: 'evil.example' } });
  expect(page.text).toContain(`export TWITE_URL=${server.url}\n`);
  expect(page.text).not.toContain('evil');
});
