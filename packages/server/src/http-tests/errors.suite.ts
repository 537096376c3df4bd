import { problem } from '@twite/contract';
import { expect, test } from 'vitest';
import { type Answer, send } from './client.ts';
import { join } from './people.ts';
import { suite } from './suite.ts';

const expectProblem = ({ status, body, headers }: Answer, code: string) => {
  expect(headers.get('content-type')).toBe('application/problem+json');
  expect(headers.get('cache-control')).toBe('no-store');
  expect(problem.safeParse(body).error).toBeUndefined();
  expect(body).toMatchObject({ code, status, type: `/docs#${code}` });
  expect(body.requestId).toBe(headers.get('x-request-id'));
};

export const errors = suite('errors', (world) => {
  test('an unknown path returns a problem for any method', async () => {
    const { url } = world();
    for (const path of ['/nothing', '/v1', '/v1/', '/v1/nothing', '/docs/nothing', '//v1/posts']) {
      for (const method of ['GET', 'POST', 'DELETE', 'OPTIONS', 'PROPFIND']) {
        const answer = await send(`${url}${path}`, { method });
        expect(answer.status).toBe(404);
        expectProblem(answer, 'not_found');
      }
    }
  });

  test('an unsupported method gets the list of supported ones', async () => {
    const { url } = world();
    const answer = await send(`${url}/v1/me`, { method: 'POST', body: '{}' });
    expectProblem(answer, 'method_not_allowed');
    const allow = answer.headers.get('allow')?.split(', ').sort();
    expect(allow).toEqual(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'PATCH']);
    const options = await send(`${url}/v1/me`, { method: 'OPTIONS' });
    expect([options.status, options.headers.get('allow')]).toEqual([204, answer.headers.get('allow')]);
    expectProblem(await send(`${url}/livez`, { method: 'POST' }), 'method_not_allowed');
  });

  test('a body must be valid JSON of the right type and size', async () => {
    const { url, call } = world();
    const { token } = await join(call, 'ann');
    const post = (body: string | Uint8Array<ArrayBuffer>, contentType = 'application/json') =>
      send(`${url}/v1/posts`, {
        method: 'POST',
        body,
        headers: { authorization: `Bearer ${token}`, 'content-type': contentType },
      });
    expectProblem(await post('{"text":'), 'malformed_json');
    expectProblem(await post(Uint8Array.of(0x22, 0xff, 0x22)), 'malformed_json');
    expectProblem(await post('text=Hello', 'application/x-www-form-urlencoded'), 'unsupported_media_type');
    expectProblem(await post('{}', 'application/json; charset=utf-16'), 'unsupported_media_type');
    expectProblem(await post(JSON.stringify({ text: 'x'.repeat(70_000) })), 'payload_too_large');
    expectProblem(await post('[]'), 'invalid_input');
  });

  test('all issues are reported at once', async () => {
    const { call } = world();
    const { body } = await call('createAccount', {
      headers: { 'idempotency-key': 'a b' },
      body: { handle: 'not a handle', password: 'short', isAdmin: true },
    });
    const places = body.errors.map((issue: { in: string; path: string }) => `${issue.in} ${issue.path}`);
    expect(places.sort()).toEqual(['body ', 'body handle', 'body password', 'headers idempotency-key']);
  });

  test('an undecodable path and a duplicate key', async () => {
    const { url } = world();
    expectProblem(await send(`${url}/v1/accounts/by-handle/%E0%A4%A`), 'malformed_path');
    const twice = await send(`${url}/v1/search/posts?q=a&q=b`);
    expectProblem(twice, 'invalid_input');
    expect(twice.body.errors).toMatchObject([{ in: 'query', path: 'q', code: 'duplicate_key' }]);
  });

  test('a missing sign-in is reported before the body is read', async () => {
    const { url } = world();
    const headers = { 'content-type': 'text/plain' };
    const answer = await send(`${url}/v1/posts`, { method: 'POST', body: 'x'.repeat(100_000), headers });
    expectProblem(answer, 'unauthenticated');
    expect(answer.headers.get('www-authenticate')).toBe('Bearer');
  });

  test('an invalid Authorization header is refused where sign-in matters, and ignored elsewhere', async () => {
    const { call } = world();
    for (const authorization of ['Basic YTpi', 'Bearer', 'Bearer twa_unknown', 'twa_unknown']) {
      const headers = { authorization };
      const { accountId } = await join(call, 'ann');
      const read = await call('getAccount', { path: { accountId }, headers });
      expect([read.status, read.body.code]).toEqual([401, 'invalid_token']);
      expect((await call('getInstance', { headers })).status).toBe(200);
    }
  });

  test('a harmless request id of the client is kept', async () => {
    const { call } = world();
    const idFor = async (id: string) =>
      (await call('getInstance', { headers: { 'x-request-id': id } })).headers.get('x-request-id');
    expect(await idFor('trace-0123')).toBe('trace-0123');
    for (const id of ['short', 'x'.repeat(65), 'with space', '{"json":1}']) {
      expect(await idFor(id)).not.toBe(id);
    }
  });
});

export const someServices = suite(
  'a server with some of the services',
  (world) => {
    test('serves only its own operations', async () => {
      const { url, call } = world();
      expect((await call('getInstance')).body.services).toEqual(['profile']);
      const { token } = await join(call, 'ann');
      const headers = { authorization: `Bearer ${token}` };
      expectProblem(await send(`${url}/v1/timelines/home`, { headers }), 'not_found');
      expectProblem(await send(`${url}/v1/posts`, { method: 'POST', headers }), 'not_found');
    });
  },
  { services: ['profile'] },
);
