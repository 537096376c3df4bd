import { describe, expect, it } from 'vitest';
import { rawRequest } from './testing/raw-request.ts';
import { serveTest } from './testing/serve.ts';

const json = ['Content-Type: application/json'];

function withLength(body: string | Uint8Array, headers: string[] = json): [string[], string | Uint8Array] {
  return [[...headers, `Content-Length: ${Buffer.byteLength(body)}`], body];
}

describe('routing', () => {
  it('passes decoded, validated and converted input to handlers', async () => {
    await using server = await serveTest();
    const response = await fetch(`${server.url}/notes/42?limit=7&tags=a,b%20c`);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
    expect(response.headers.get('content-length')).toBe('51');
    expect(await response.json()).toEqual({ noteId: '42', text: 'limit 7', tags: ['a', 'b c'] });
  });

  it('decodes path parameters once, slashes and percent signs included', async () => {
    await using server = await serveTest();
    const response = await rawRequest(server.port, 'GET /params/a%2Fb/%2525%20%C3%A9');
    expect(JSON.parse(Buffer.from(response.body, 'latin1').toString())).toEqual({
      first: 'a/b',
      second: '%25 é',
    });
  });

  it('identifies nested operations by their keys', async () => {
    await using server = await serveTest();
    expect(await (await fetch(`${server.url}/run?mode=x`)).json()).toEqual({
      mode: 'x',
      id: 'nested.deep.run',
    });
  });

  it('serves under a prefix', async () => {
    await using server = await serveTest({}, { pathPrefix: '/v1' });
    expect((await fetch(`${server.url}/v1/run?mode=x`)).status).toBe(200);
    expect((await fetch(`${server.url}/run?mode=x`)).status).toBe(404);
  });

  it('answers an unknown path with 404, and a known one with 405 and Allow', async () => {
    await using server = await serveTest();
    const unknown = await fetch(`${server.url}/nothing`);
    expect(unknown.status).toBe(404);
    expect(await unknown.json()).toEqual({ kind: 'not_found' });
    const wrong = await fetch(`${server.url}/notes/1`, { method: 'PATCH' });
    expect(wrong.status).toBe(405);
    expect(wrong.headers.get('allow')).toBe('GET, HEAD, DELETE, PUT, OPTIONS');
    expect(await wrong.json()).toEqual({ kind: 'method_not_allowed' });
  });

  it('can leave unknown paths to the next middleware', async () => {
    await using server = await serveTest({}, { unmatched: 'next' });
    expect(await (await fetch(`${server.url}/nothing`)).text()).toBe('Not Found');
    expect((await fetch(`${server.url}/run`, { method: 'POST' })).status).toBe(405);
  });

  it('answers OPTIONS with 204 and Allow', async () => {
    await using server = await serveTest();
    const response = await fetch(`${server.url}/echo`, { method: 'OPTIONS' });
    expect(response.status).toBe(204);
    expect(response.headers.get('allow')).toBe('POST, OPTIONS');
    expect((await fetch(`${server.url}/nothing`, { method: 'OPTIONS' })).status).toBe(404);
  });

  it('answers HEAD as GET without the body', async () => {
    await using server = await serveTest();
    const response = await rawRequest(server.port, 'HEAD /notes/42?limit=7&tags=a,b');
    expect(response.status).toBe(200);
    expect(response.head).toContain('content-length: 49');
    expect(response.body).toBe('');
    expect((await rawRequest(server.port, 'HEAD /echo')).status).toBe(405);
  });

  it('answers percent-encoding that does not decode with 400', async () => {
    await using server = await serveTest();
    for (const path of ['/params/%ff/x', '/params/%/x', '/notes/%E0%A4%A', '/%zz']) {
      const response = await rawRequest(server.port, `GET ${path}`);
      expect([path, response.status, JSON.parse(response.body).kind]).toEqual([path, 400, 'malformed_path']);
    }
    expect((await rawRequest(server.port, 'POST /nothing/%ff')).status).toBe(400);
  });

  it('leaves NUL and very long parameters to the schema', async () => {
    await using server = await serveTest();
    const nul = await rawRequest(server.port, 'GET /params/a%00b/c');
    expect(JSON.parse(nul.body)).toEqual({ first: 'a\0b', second: 'c' });
    const long = await rawRequest(server.port, `GET /notes/${'9'.repeat(4000)}`);
    expect(long.status).toBe(422);
  });
});

describe('validation', () => {
  it('collects all issues in path, query, headers and body', async () => {
    await using server = await serveTest();
    const response = await fetch(`${server.url}/folders/ab/notes?dry=perhaps&extra=1`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', 'x-kind': 'none' },
      body: JSON.stringify({ text: '', tags: ['a', 1] }),
    });
    expect(response.status).toBe(422);
    const { issues } = (await response.json()) as { issues: { in: string; path: string; code: string }[] };
    expect(issues.map((issue) => `${issue.in} ${issue.path} ${issue.code}`)).toEqual([
      'path folder too_small',
      'query dry invalid_value',
      'query  unrecognized_keys',
      'headers x-kind invalid_value',
      'body text too_small',
      'body tags.1 invalid_type',
    ]);
  });

  it('refuses a duplicate query key, and malformed encoding', async () => {
    await using server = await serveTest();
    const response = await rawRequest(server.port, 'GET /notes/1?limit=1&limit=2&tags=%ff');
    expect(response.status).toBe(422);
    expect(JSON.parse(response.body).issues).toMatchObject([
      { in: 'query', path: 'limit', code: 'duplicate_key' },
      { in: 'query', path: 'tags', code: 'malformed_encoding' },
    ]);
  });

  it('parses lists in all common notations, where configured', async () => {
    await using server = await serveTest({}, { forOperation: () => ({ queryLists: ['tags'] }) });
    const get = (query: string) => rawRequest(server.port, `GET /notes/1?limit=1&${query}`);
    for (const query of [
      'tags=a,b,c',
      'tags=a&tags=b&tags=c',
      'tags=a&tags=b,c',
      'tags[]=a&tags[]=b&tags[]=c',
      'tags%5B0%5D=a&tags%5B1%5D=b&tags%5B2%5D=c',
    ]) {
      expect(JSON.parse((await get(query)).body).tags, query).toEqual(['a', 'b', 'c']);
    }
    for (const [query, key] of [
      ['limit=2', 'limit'],
      ['limit[]=2&limit[]=3', 'limit[]'],
    ]) {
      const response = await get(String(query));
      expect(response.status).toBe(422);
      expect(JSON.parse(response.body).issues).toMatchObject([{ path: key, code: 'duplicate_key' }]);
    }
    for (const query of ['tags[a]=x', 'tags[-1]=x', 'tags[00000]=x', '[]=x', '__proto__[]=x']) {
      const response = await get(query);
      expect(JSON.parse(response.body).tags, query).toEqual([]);
    }
  });

  it('protects prototypes', async () => {
    await using server = await serveTest();
    const query = await rawRequest(server.port, 'GET /run?mode=x&__proto__=1&constructor=2&toString=3');
    expect(query.status).toBe(200);
    const body = '{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}';
    const echoed = await rawRequest(server.port, 'POST /echo', ...withLength(body));
    expect(echoed.body).toBe(body);
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
  });

  it('reports at most 100 issues', async () => {
    await using server = await serveTest();
    const body = JSON.stringify({ text: 'x', tags: Array.from({ length: 5000 }, () => 1) });
    const headers = [...json, 'X-Kind: plain'];
    const response = await rawRequest(server.port, 'POST /folders/abc/notes', ...withLength(body, headers));
    expect(JSON.parse(response.body).issues).toHaveLength(100);
  });
});

describe('bodies', () => {
  it('passes a valid body to the handler', async () => {
    await using server = await serveTest();
    const response = await fetch(`${server.url}/folders/abc/notes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json; charset=UTF-8', 'x-kind': 'rich' },
      body: JSON.stringify({ text: 'héllo' }),
    });
    expect(response.status).toBe(201);
    expect(response.headers.get('location')).toBe('/notes/1');
    expect(response.headers.get('x-kind')).toBe('rich');
    expect(response.headers.get('x-auth')).toBe('required');
    expect(await response.json()).toEqual({ noteId: 'abc', text: 'héllo', tags: [] });
  });

  it.each<[number, string, string[], string | Uint8Array]>([
    [415, 'unsupported_media_type', ['Content-Type: text/plain'], '{}'],
    [415, 'unsupported_media_type', [], '{}'],
    [415, 'unsupported_media_type', ['Content-Type: application/json; charset=utf-16'], '{}'],
    [415, 'unsupported_media_type', [...json, 'Content-Encoding: gzip'], '{}'],
    [400, 'malformed_json', json, '{"a":'],
    [400, 'malformed_json', json, Uint8Array.of(0x22, 0xff, 0x22)],
    [413, 'payload_too_large', json, `"${'x'.repeat(65_535)}"`],
    [422, 'invalid_input', json, `${'['.repeat(65)}${']'.repeat(65)}`],
  ])('answers %i %s', async (status, kind, headers, body) => {
    await using server = await serveTest();
    const response = await rawRequest(server.port, 'POST /echo', ...withLength(body, headers));
    expect([response.status, JSON.parse(response.body).kind]).toEqual([status, kind]);
  });

  it('accepts a body of exactly the limit, and brackets inside of strings', async () => {
    await using server = await serveTest();
    const whole = await rawRequest(server.port, 'POST /echo', ...withLength(`"${'x'.repeat(65_534)}"`));
    expect(whole.status).toBe(200);
    const text = JSON.stringify(`\\"${'['.repeat(100)}`);
    expect((await rawRequest(server.port, 'POST /echo', ...withLength(text))).body).toBe(text);
  });

  it('counts a chunked body while it arrives', async () => {
    await using server = await serveTest();
    const chunk = `4000\r\n${'x'.repeat(0x4000)}\r\n`;
    const headers = [...json, 'Transfer-Encoding: chunked'];
    const response = await rawRequest(server.port, 'POST /echo', headers, `${chunk.repeat(5)}0\r\n\r\n`);
    expect([response.status, JSON.parse(response.body).kind]).toEqual([413, 'payload_too_large']);
    const small = await rawRequest(server.port, 'POST /echo', headers, '3\r\n"a"\r\n0\r\n\r\n');
    expect([small.status, small.body]).toEqual([200, '"a"']);
  });

  it('answers a client that is still sending', async () => {
    await using server = await serveTest();
    const response = await fetch(`${server.url}/echo`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: 'x'.repeat(3_000_000),
    });
    expect(response.status).toBe(413);
  });

  it('closes the connection of a client that sends endlessly', async () => {
    await using server = await serveTest();
    const body = Buffer.alloc(80 * 1024 * 1024, 'x');
    const response = await rawRequest(server.port, 'POST /echo', ...withLength(body));
    // The connection is reset during the answer, which this client may or may not have read by then.
    expect([413, 0]).toContain(response.status);
    expect(server.logged).toEqual([]);
  });

  it('validates an empty body as a missing one', async () => {
    await using server = await serveTest();
    const response = await rawRequest(server.port, 'POST /folders/abc/notes', ['X-Kind: plain']);
    expect(response.status).toBe(422);
    expect(JSON.parse(response.body).issues).toMatchObject([{ in: 'body', path: '', code: 'invalid_type' }]);
  });

  it('ignores the body of an operation without one', async () => {
    await using server = await serveTest();
    const put = await rawRequest(
      server.port,
      'PUT /notes/1',
      ...withLength('not json', ['Content-Type: x/y']),
    );
    expect([put.status, put.body]).toEqual([200, '{"noteId":"1"}']);
    const huge = await rawRequest(server.port, 'DELETE /notes/1', ...withLength('x'.repeat(70_000)));
    expect(huge.status).toBe(413);
  });

  it('reads forms', async () => {
    await using server = await serveTest();
    const form = await fetch(`${server.url}/form`, {
      method: 'POST',
      body: new URLSearchParams({ name: 'a b&ü' }),
    });
    expect(await form.json()).toEqual({ name: 'a b&ü' });
    const type = ['Content-Type: application/x-www-form-urlencoded'];
    const twice = await rawRequest(server.port, 'POST /form', ...withLength('name=1&name=2', type));
    expect(JSON.parse(twice.body).issues).toMatchObject([
      { in: 'body', path: 'name', code: 'duplicate_key' },
    ]);
  });
});
