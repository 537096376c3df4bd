import { connect } from 'node:net';
import { text } from 'node:stream/consumers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Call, makeCall } from '../http-tests/client.ts';
import { join, type Person, post, upload } from '../http-tests/people.ts';
import { configForTest } from '../http-tests/start-for-test.ts';
import { startEmbedded } from '../main/embedded.ts';
import type { RunningServer } from '../main/serve.ts';

describe('headers of every kind of response', () => {
  let server: RunningServer;
  let limited: RunningServer;
  let call: Call;
  let person: Person;
  beforeAll(async () => {
    server = await startEmbedded(configForTest());
    limited = await startEmbedded(
      configForTest({ TWITE_RATE_LIMITS: 'on', TWITE_RATE_LIMIT_READ_ADDRESS: '1/3600' }),
    );
    call = makeCall(server.url);
    person = await join(call, 'header');
  });
  afterAll(async () => {
    await server?.close();
    await limited?.close();
  });

  interface Asked {
    readonly path: string;
    readonly init?: RequestInit;
    readonly status: number;
    readonly url?: string;
  }

  const bearer = () => ({ authorization: `Bearer ${person.token}` });
  const json = { 'content-type': 'application/json' };
  const unknown = '1855647289012345678';

  const kinds: Readonly<Record<string, () => Asked | Promise<Asked>>> = {
    'an answer with a body': () => ({ path: '/v1/me', init: { headers: bearer() }, status: 200 }),
    'an answer to HEAD': () => ({ path: '/v1/instance', init: { method: 'HEAD' }, status: 200 }),
    'something made': () => ({
      path: '/v1/posts',
      init: { method: 'POST', headers: { ...bearer(), ...json }, body: '{"text":"made"}' },
      status: 201,
    }),
    'something removed': async () => ({
      path: `/v1/posts/${await post(call, person, 'gone soon')}`,
      init: { method: 'DELETE', headers: bearer() },
      status: 204,
    }),
    'what the client has': async () => {
      const { headers } = await call('getMe', { token: person.token });
      const init = { headers: { ...bearer(), 'if-none-match': headers.get('etag') ?? '' } };
      return { path: '/v1/me', init, status: 304 };
    },
    'JSON that is none': () => ({
      path: '/v1/sessions',
      init: { method: 'POST', headers: json, body: '{' },
      status: 400,
    }),
    'nobody signed in': () => ({ path: '/v1/me', status: 401 }),
    'a role that is missing': () => ({ path: '/v1/admin/stats', init: { headers: bearer() }, status: 403 }),
    'a path that is none': () => ({ path: '/nowhere/<script>', status: 404 }),
    'what does not exist': () => ({ path: `/v1/posts/${unknown}`, status: 404 }),
    'a method that is none': () => ({ path: '/v1/me', init: { method: 'POST' }, status: 405 }),
    'a handle that is taken': () => ({
      path: '/v1/accounts',
      init: {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ handle: person.handle, password: 'a password of eighteen' }),
      },
      status: 409,
    }),
    'a body that is too large': () => ({
      path: '/v1/sessions',
      init: { method: 'POST', headers: json, body: `"${'x'.repeat(100_000)}"` },
      status: 413,
    }),
    'a type that is not taken': () => ({
      path: '/v1/sessions',
      init: { method: 'POST', headers: { 'content-type': 'text/xml' }, body: '<a/>' },
      status: 415,
    }),
    'input that is wrong': () => ({
      path: '/v1/sessions',
      init: { method: 'POST', headers: json, body: '{}' },
      status: 422,
    }),
    'too many requests': async () => {
      await fetch(`${limited.url}/v1/instance`);
      return { url: limited.url, path: '/v1/instance', status: 429 };
    },
    'the landing page': () => ({ path: '/', status: 200 }),
    'a page': () => ({ path: '/docs', status: 200 }),
    'the OpenAPI document': () => ({ path: '/openapi.json', status: 200 }),
    'the page that resets a password': () => ({ path: '/password-reset', status: 200 }),
    liveness: () => ({ path: '/livez', status: 200 }),
    readiness: () => ({ path: '/readyz', status: 200 }),
    media: async () => {
      const { url } = await upload(call, person);
      return { path: new URL(url).pathname, status: 200 };
    },
    'media that are gone': () => ({ path: '/media/00/gone.webp', status: 404 }),
  };

  test.each(Object.keys(kinds))('%s', async (kind) => {
    const { path, init, status, url = server.url } = await (kinds[kind] as () => Asked | Promise<Asked>)();
    const response = await fetch(`${url}${path}`, init);
    const body = await response.text();
    const { headers } = response;
    expect(response.status, body).toBe(status);
    // No content is sniffed or framed, or learns where it was linked from.
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('x-frame-options')).toBe('DENY');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*(?:unsafe-inline|\*|http:)/);
    expect(headers.get('x-request-id')).toMatch(/^[\w-]{8,64}$/);
    expect(headers.get('cache-control')).not.toBeNull();
    // Nothing about the software used, and nothing that keeps a browser signed in.
    for (const name of ['server', 'x-powered-by', 'set-cookie']) expect(headers.get(name), name).toBeNull();
    if (body !== '') expect(headers.get('content-type')).not.toBeNull();
    if (status >= 400) {
      expect(headers.get('content-type')).toBe('application/problem+json');
      if (!path.startsWith('/media/')) expect(headers.get('cache-control')).toBe('no-store');
      expect(body).not.toMatch(/<script|node_modules|\.ts:|at .*\(/);
    }
    if (status === 401) expect(headers.get('www-authenticate')).toMatch(/^Bearer/);
    if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0);
  });

  test.each([
    ['no HTTP', 'HELO twite\r\n\r\n', 400],
    ['two lengths', 'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n', 400],
    [
      'a length and chunks',
      'POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n',
      400,
    ],
    ['a header with a line break', 'GET / HTTP/1.1\r\nHost: a\r\nX: a\rSet-Cookie: b\r\n\r\n', 400],
    ['no host', 'GET / HTTP/1.1\r\n\r\n', 400],
    ['headers of 17 KB', `GET / HTTP/1.1\r\nHost: a\r\nX: ${'x'.repeat(17_000)}\r\n\r\n`, 431],
  ])('bytes that the parser refuses: %s', async (_what, bytes, status) => {
    const socket = connect(Number(new URL(server.url).port), '127.0.0.1');
    socket.on('error', () => {});
    socket.write(bytes);
    const answer = await text(socket);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer.toLowerCase()).toContain('connection: close');
    expect(answer).not.toMatch(/set-cookie|x-powered-by/i);
  });

  test('a preflight only lists permissions for allowed origins', async () => {
    const response = await fetch(`${server.url}/v1/posts`, {
      method: 'OPTIONS',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(response.headers.get('access-control-allow-origin')).toBeNull();
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
  });
});
