import fc from 'fast-check';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { exchange, parseResponse, rawRequest } from './testing/raw-request.ts';
import { serveTest, type TestServer } from './testing/serve.ts';

let server: TestServer;
beforeAll(async () => {
  server = await serveTest({}, { etag: true, validateResponses: true });
});
afterAll(() => server[Symbol.asyncDispose]());

/** Text of characters that Node's HTTP parser accepts. For others it answers with 400 itself. */
function printable(first: number, maxLength: number): fc.Arbitrary<string> {
  return fc.string({
    unit: fc.integer({ min: first, max: 0x7e }).map((code) => String.fromCharCode(code)),
    maxLength,
  });
}

const known = fc.constantFrom(
  'GET /notes/1',
  'DELETE /notes/1',
  'PUT /notes/1',
  'POST /folders/abc/notes',
  'POST /echo',
  'POST /form',
  'GET /params/a/b',
  'GET /run',
  'HEAD /stream',
  // An existing path with a method that it does not have.
  'PATCH /echo',
);
const method = fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS', 'PROPFIND');
const encoded = fc.constantFrom('%2F', '%00', '%25', '%C3%A9', '%', '%ff', '%ED%A0%80', '%zz');
const word = fc.oneof(
  fc.constantFrom(
    'notes',
    'params',
    'mode',
    'limit',
    'tags',
    'dry',
    '__proto__',
    'constructor',
    '..',
    '1',
    'a',
  ),
  encoded,
  printable(0x21, 6),
);
const query = fc
  .array(fc.tuple(word, fc.constantFrom('=', '', '=='), word), { maxLength: 4 })
  .map((pairs) => pairs.map((pair) => pair.join('')).join('&'));
const path = fc.array(word, { maxLength: 5 }).map((words) => `/${words.join('/')}`);
const requestLine = fc.oneof(
  fc.tuple(known, query).map(([line, text]) => `${line}?${text}`),
  fc.tuple(known, word, query).map(([line, more, text]) => `${line}${more}?${text}`),
  fc.tuple(method, path, query).map(([verb, text, more]) => `${verb} ${text}?${more}`),
);

const contentType = fc.oneof(
  { weight: 3, arbitrary: fc.constantFrom('application/json', 'application/json;charset=utf-8') },
  {
    weight: 1,
    arbitrary: fc.constantFrom('application/x-www-form-urlencoded', ';', '', 'application/json; charset=x'),
  },
  { weight: 1, arbitrary: printable(0x20, 30) },
);

const body = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.json({ maxDepth: 6 }),
  fc.jsonValue().map((text) => JSON.stringify({ text, tags: [text], __proto__: text })),
  fc.string({ unit: 'binary', maxLength: 100 }).map((text) => JSON.stringify(text)),
  fc.constantFrom(
    '{"__proto__":{"a":1}}',
    '"\\ud800"',
    '"\\u0000"',
    `${'['.repeat(500)}`,
    '\ufeff{}',
    '1e999',
  ),
);

it('never returns a 5xx for any request', async () => {
  const seen = new Set<number>();
  await fc.assert(
    fc.asyncProperty(
      requestLine,
      contentType,
      body,
      fc.constantFrom(['X-Kind: plain'], ['X-Kind: plain', 'X-Count: x'], ['Content-Encoding: br'], []),
      fc.boolean(),
      async (line, type, bytes, headers, chunked) => {
        const length = Buffer.byteLength(bytes);
        const framing = chunked ? 'Transfer-Encoding: chunked' : `Content-Length: ${length}`;
        const parts = [`${length.toString(16)}\r\n`, bytes, '\r\n0\r\n\r\n'].map((part) => Buffer.from(part));
        const response = await rawRequest(
          server.port,
          line,
          [`Content-Type: ${type}`, framing, ...headers],
          chunked && length > 0 ? Buffer.concat(parts) : chunked ? '0\r\n\r\n' : bytes,
        );
        seen.add(response.status);
        expect(response.status).toBeGreaterThanOrEqual(200);
        expect(response.status).toBeLessThan(500);
      },
    ),
    { numRuns: 1500 },
  );
  // Proof that the cases reached beyond the router and the HTTP parser.
  expect([...seen]).toEqual(expect.arrayContaining([200, 204, 400, 404, 405, 415, 422]));
  expect([server.logged, server.koaErrors]).toEqual([[], []]);
});

it('never returns a 5xx for arbitrary bytes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.uint8Array({ minLength: 1, maxLength: 300 }), known, async (bytes, line) => {
      const head = Buffer.from(`${line} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Type: `);
      const text = await exchange(server.port, Buffer.concat([head, bytes, Buffer.from('\r\n\r\n')]));
      const { status } = parseResponse(text);
      expect(status).toBeGreaterThanOrEqual(200);
      expect(status).toBeLessThan(500);
    }),
    { numRuns: 1000 },
  );
  expect(server.logged).toEqual([]);
});
