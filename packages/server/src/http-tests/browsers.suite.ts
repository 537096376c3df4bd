import { errorCodes } from '@twite/contract';
import { expect, test } from 'vitest';
import { send } from './client.ts';
import { join, post } from './people.ts';
import { suite } from './suite.ts';

export const caching = suite('caching', (world) => {
  test('a client with a current response gets 304 until something changes', async () => {
    const { call } = world();
    const ann = await join(call, 'ann');
    const { token } = ann;
    const postId = await post(call, ann, 'Hello');
    for (const ask of [
      (headers: Record<string, string>) => call('getPost', { token, path: { postId }, headers }),
      (headers: Record<string, string>) => call('getHomeTimeline', { token, headers }),
    ]) {
      const first = await ask({});
      const etag = first.headers.get('etag') as string;
      expect(etag).toMatch(/^W\/"[\w-]+"$/);
      expect(first.headers.get('cache-control')).toBe('private, no-cache');
      expect(first.headers.get('vary')).toContain('Authorization');
      const second = await ask({ 'if-none-match': etag });
      expect([second.status, second.body, second.headers.get('etag')]).toEqual([304, undefined, etag]);
      expect((await ask({ 'if-none-match': 'W/"another"' })).status).toBe(200);
      await call('likePost', { token, path: { postId } });
      const third = await ask({ 'if-none-match': etag });
      expect(third.status).toBe(200);
      expect(third.headers.get('etag')).not.toBe(etag);
      await call('unlikePost', { token, path: { postId } });
      expect((await ask({ 'if-none-match': etag })).status).toBe(304);
    }
  });

  test('nothing else is cacheable', async () => {
    const { call } = world();
    const { token } = await join(call, 'ann');
    const { headers } = await call('createPost', { token, body: { text: 'Hello' } });
    expect(headers.get('cache-control')).toBe('no-store');
    expect(headers.get('etag')).toBeNull();
  });

  test('HEAD has the headers of GET', async () => {
    const { url } = world();
    const get = await send(`${url}/v1/instance`);
    const head = await send(`${url}/v1/instance`, { method: 'HEAD' });
    expect([head.status, head.body]).toEqual([200, undefined]);
    for (const name of ['etag', 'content-length', 'content-type']) {
      expect(head.headers.get(name)).toBe(get.headers.get(name));
    }
  });
});

const preflight = {
  method: 'OPTIONS',
  headers: {
    origin: 'https://app.example',
    'access-control-request-method': 'POST',
    'access-control-request-headers': 'authorization, content-type, idempotency-key',
  },
};

export const noCors = suite('other origins, by default', (world) => {
  test('get no CORS headers', async () => {
    const { url } = world();
    for (const init of [{ headers: { origin: 'https://app.example' } }, preflight]) {
      const { headers } = await send(`${url}/v1/instance`, init);
      expect(headers.get('access-control-allow-origin')).toBeNull();
    }
  });

  test('every response has security headers', async () => {
    const { url } = world();
    for (const path of ['/v1/instance', '/docs', '/nothing', '/openapi.json', '/livez']) {
      const { headers } = await send(`${url}${path}`);
      expect(headers.get('x-content-type-options')).toBe('nosniff');
      expect(headers.get('x-frame-options')).toBe('DENY');
      expect(headers.get('referrer-policy')).toBe('no-referrer');
      expect(headers.get('content-security-policy')).toContain("default-src 'none'");
      expect(headers.get('strict-transport-security')).toBeNull();
    }
  });
});

export const cors = suite(
  'origins that are named',
  (world) => {
    test('can call after a preflight without a token', async () => {
      const { url } = world();
      const asked = await send(`${url}/v1/posts`, preflight);
      expect(asked.status).toBe(204);
      expect(asked.headers.get('access-control-allow-origin')).toBe('https://app.example');
      expect(asked.headers.get('access-control-allow-methods')).toContain('POST');
      for (const name of ['Idempotency-Key', 'Traceparent']) {
        expect(asked.headers.get('access-control-allow-headers')).toContain(name);
      }
      const { headers } = await send(`${url}/v1/me`, { headers: { origin: 'https://app.example' } });
      expect(headers.get('access-control-allow-origin')).toBe('https://app.example');
      expect(headers.get('access-control-expose-headers')).toContain('RateLimit');
      expect(headers.get('access-control-allow-credentials')).toBeNull();
      expect(headers.get('vary')).toBe('Origin, Authorization');
    });

    test('are the only allowed ones', async () => {
      const { url } = world();
      const headers = { ...preflight.headers, origin: 'https://app.example.evil.example' };
      const answer = await send(`${url}/v1/posts`, { ...preflight, headers });
      expect(answer.headers.get('access-control-allow-origin')).toBeNull();
      expect(answer.headers.get('vary')).toContain('Origin');
    });
  },
  { corsOrigins: ['https://app.example'] },
);

export const docs = suite('reference and health', (world) => {
  test('the page explains every error code, and loads nothing from other sites', async () => {
    const { url } = world();
    const page = await send(`${url}/docs`);
    expect(page.headers.get('content-type')).toContain('text/html');
    for (const code of errorCodes) expect(page.body).toContain(`id="${code}"`);
    expect(page.body).not.toMatch(/<script>|<style|\son\w+=|https?:/);
    const parts = [...(page.body as string).matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, path]) => path);
    expect(parts).toContain('docs/swagger-ui-bundle.js');
    for (const path of parts) {
      const part = await send(`${url}/${path}`);
      expect(part.status).toBe(200);
      const etag = part.headers.get('etag') as string;
      expect((await send(`${url}/${path}`, { headers: { 'if-none-match': etag } })).status).toBe(304);
    }
    const policy = page.headers.get('content-security-policy');
    expect(policy).toContain("script-src 'self'");
  });

  test('the document lists every operation', async () => {
    const { url } = world();
    const { body } = await send(`${url}/openapi.json`);
    expect(body.openapi).toMatch(/^3\.1\./);
    expect(body.paths['/v1/timelines/home'].get.operationId).toBe('getHomeTimeline');
  });

  test('the server is live and ready', async () => {
    const { url } = world();
    expect((await send(`${url}/livez`)).status).toBe(200);
    expect((await send(`${url}/readyz`)).status).toBe(200);
  });
});
