import { contract, type OperationId, operationIds } from '@twite/contract';
import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { expectDeclared, send } from './client.ts';
import { join, type Person } from './people.ts';
import { suite } from './suite.ts';

/** Hostile values of bodies. JSON text, so that NUL and lone surrogates can be included. */
const nastyValues = [
  'null',
  'true',
  '0',
  '-1e308',
  '1e999',
  '""',
  '"\\u0000"',
  '"\\ud800"',
  '"\\udc00\\ud800"',
  '[]',
  '{}',
  '[[[[]]]]',
  '"__proto__"',
  '"constructor"',
  '"9223372036854775808"',
  '"99999999999999999999"',
  '"-000000000000000001"',
  '"\\u202e\\u200b\\ufeff"',
  `"${'x'.repeat(20_000)}"`,
  `"${'\\u0301'.repeat(5_000)}"`,
  `"${'@a #b http://c.d '.repeat(500)}"`,
  `${'['.repeat(500)}${']'.repeat(500)}`,
  '{"__proto__":{"admin":true}}',
  '{"$ne":null}',
  '{"toString":1,"length":-1,"then":"x"}',
  '{"length":{"valueOf":1,"toString":1}}',
];
const nastyBodies = [
  ...nastyValues,
  '{"text":{"length":{"valueOf":1,"toString":1}}}',
  '',
  ' ',
  '{',
  'undefined',
  '{"a":1,}',
  "{'a':1}",
  '\ufeff{}',
  '"\u0000"',
  `{"text":"${'y'.repeat(80_000)}"}`,
  `${'{"a":'.repeat(5_000)}1${'}'.repeat(5_000)}`,
];

/** As they appear in a path, already encoded where necessary. */
const nastySegments = [
  '0',
  '-1',
  '9223372036854775807',
  '9223372036854775808',
  '1855647289012345678x',
  '%00',
  '%ED%A0%80',
  '%E0%A4%A',
  '%',
  '..%2f..%2fadmin',
  '%2e%2e',
  '__proto__',
  'constructor',
  'null',
  '%F0%9F%92%A9',
  '1'.repeat(4_000),
  "'%20OR%20'1'='1",
];

const nastyQueries = [
  'limit=0',
  'limit=-1',
  'limit=101',
  'limit=1e3',
  'limit=NaN',
  'limit=0x10',
  'limit=',
  'limit=1&limit=2',
  'cursor=',
  'cursor=abc',
  'cursor=%00',
  'cursor=9223372036854775808',
  'q=%00',
  'q=%ED%A0%80',
  'q=%',
  'q=',
  `q=${'%22'.repeat(100)}`,
  `q=${'a%20'.repeat(200)}`,
  'q=*%20OR%20NEAR(a%20b)',
  'q=from:%20-from:',
  `q=${'('.repeat(400)}`,
  'accountIds=',
  'accountIds=,',
  `accountIds=${Array(101).fill('1855647289012345678').join()}`,
  'include=everything',
  'status=deleted',
  '__proto__=1',
  '__proto__[x]=1',
  'constructor.prototype.x=1',
  '&&&===',
  `x=${'y'.repeat(8_000)}`,
];

const contentTypes = ['application/json', 'text/plain', 'application/json; charset=latin1', '*/*', ''];

/** One request that is likely invalid: raw text in every place. */
interface Nasty {
  readonly segments: readonly string[];
  readonly query: string;
  readonly body: string | undefined;
  readonly contentType: string;
  readonly key: string | undefined;
}

const realId = '1855647289012345678';
const asJson = (value: unknown): string => JSON.stringify(value) ?? 'null';
const fields = [
  'handle',
  'password',
  'text',
  'name',
  'scopes',
  'role',
  'reason',
  'bio',
  'refreshToken',
  'messageIds',
  '__proto__',
];

/** JSON with the keys of operations, and arbitrary values. */
const nearlyRight = fc
  .dictionary(
    fc.constantFrom(...fields),
    fc.oneof(fc.constantFrom(...nastyValues), fc.jsonValue().map(asJson)),
  )
  .map(
    (entries) =>
      `{${Object.entries(entries)
        .map(([key, value]) => `${asJson(key)}:${value}`)
        .join()}}`,
  );

const encoded = fc
  .string({ unit: 'binary' })
  .filter((text) => text.isWellFormed())
  .map(encodeURIComponent);
const segment = fc.oneof(
  fc.constant(realId),
  fc.constantFrom(...nastySegments),
  encoded.filter((text) => text !== ''),
);
const nasty: fc.Arbitrary<Nasty> = fc.record({
  segments: fc.array(segment, { minLength: 2, maxLength: 2 }),
  query: fc.oneof(
    fc.constant(''),
    fc.constantFrom(...nastyQueries),
    fc
      .tuple(fc.constantFrom('q', 'limit', 'cursor', 'accountIds'), encoded)
      .map(([key, text]) => `${key}=${text}`),
  ),
  body: fc.option(fc.oneof(nearlyRight, fc.constantFrom(...nastyBodies), fc.json(), fc.string()), {
    nil: undefined,
  }),
  contentType: fc.oneof(
    { weight: 4, arbitrary: fc.constant('application/json') },
    fc.constantFrom(...contentTypes),
  ),
  key: fc.option(fc.constantFrom('key', 'a b', 'x'.repeat(300)), { nil: undefined }),
});

const plain: Nasty = {
  segments: [realId, realId],
  query: '',
  body: undefined,
  contentType: 'application/json',
  key: undefined,
};
const fixed: readonly Nasty[] = [
  plain,
  ...nastyBodies.map((body) => ({ ...plain, body })),
  ...contentTypes.map((contentType) => ({ ...plain, body: '{}', contentType })),
  ...nastySegments.map((part) => ({ ...plain, segments: [part, part] })),
  ...nastyQueries.map((query) => ({ ...plain, query })),
];

// Segments that fetch itself turns into another path, which addresses another operation or none.
const isDotSegment = (part: string): boolean => /^(?:\.|%2e){1,2}$/i.test(part);

const runsEach = 40;

export const hostileInput = suite('whatever is sent', (world) => {
  let admin: Person;
  beforeAll(async () => {
    const { call, server } = world();
    admin = await join(call, 'boss');
    await server.grantAdmin(admin.handle);
    // So that neither is the last one.
    await server.grantAdmin((await join(call, 'boss')).handle);
  });

  // With the token of an admin, so that nothing is refused before it is parsed; but deleteMe would succeed.
  async function ask(operationId: OperationId, { segments, query, body, contentType, key }: Nasty) {
    const { method, path } = contract[operationId];
    if (path.includes(':') && segments.some(isDotSegment)) return;
    let index = 0;
    const filled = path.replace(/:\w+/g, () => segments[index++] as string);
    const sendsBody = method !== 'GET' && body !== undefined;
    const answer = await send(`${world().url}${filled}${query && `?${query}`}`, {
      method,
      headers: {
        authorization: `Bearer ${operationId === 'deleteMe' ? 'twa_nobody' : admin.token}`,
        ...(sendsBody ? { 'content-type': contentType } : {}),
        ...(key === undefined ? {} : { 'idempotency-key': key }),
      },
      ...(sendsBody ? { body } : {}),
    });
    // A segment may contain a slash, decoded or not, or be empty: then it is another path.
    if (answer.body?.code === 'not_found') return expect(path).toContain(':');
    expect(answer.status, `${operationId} ${JSON.stringify(answer.body)}`).toBeLessThan(500);
    expectDeclared(operationId, answer);
  }

  describe.each(operationIds)('%s returns only declared responses', (operationId) => {
    test('to known attacks', async () => {
      for (const one of fixed) await ask(operationId, one);
    });

    test('to arbitrary input', async () => {
      await fc.assert(
        fc.asyncProperty(nasty, (one) => ask(operationId, one)),
        { numRuns: runsEach },
      );
    });
  });

  test('and the server stays healthy', async () => {
    const { call, url } = world();
    expect((await send(`${url}/readyz`)).status).toBe(200);
    expect((await call('getMe', { token: admin.token })).body).toMatchObject({ handle: admin.handle });
  });
});
