import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createTwite, TwiteInputError } from './index.ts';
import { type ScriptedServer, scriptedServer } from './testing/scripted-server.ts';

const anyString = fc.oneof(
  { weight: 3, arbitrary: fc.string({ unit: 'binary' }) },
  { weight: 2, arbitrary: fc.string({ unit: 'grapheme' }) },
  // Any UTF-16 code units, including lone surrogates.
  {
    weight: 2,
    arbitrary: fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units)),
  },
  {
    weight: 3,
    arbitrary: fc
      .array(
        fc.constantFrom(
          '.',
          '..',
          '/',
          '\\',
          '%',
          '%2e',
          '%2F',
          '?',
          '#',
          ';',
          '&',
          '+',
          ' ',
          '\t',
          '\n',
          '\0',
          'a',
        ),
        {
          maxLength: 6,
        },
      )
      .map((parts) => parts.join('')),
  },
);

describe('a request', () => {
  let server: ScriptedServer;
  beforeAll(async () => {
    server = await scriptedServer(() => ({ status: 200, json: { items: [], nextCursor: null } }));
  });
  afterAll(() => server[Symbol.asyncDispose]());

  it('contains any path parameter unchanged in its own segment, or is not sent', async () => {
    const twite = createTwite({ baseUrl: server.baseUrl });
    await fc.assert(
      fc.asyncProperty(anyString, async (handle) => {
        const before = server.received.length;
        const sendable = handle !== '' && handle !== '.' && handle !== '..' && handle.isWellFormed();
        const call = twite.accounts.getByHandle({ handle });
        if (!sendable) {
          await expect(call).rejects.toBeInstanceOf(TwiteInputError);
          expect(server.received.length).toBe(before);
          return;
        }
        await call;
        expect(server.received.length).toBe(before + 1);
        const segments = server.received.at(-1)?.target.split('/') ?? [];
        expect(segments.slice(0, -1)).toEqual(['', 'v1', 'accounts', 'by-handle']);
        expect(decodeURIComponent(segments.at(-1) ?? '')).toBe(handle);
      }),
      { numRuns: 1000 },
    );
  });

  it('contains any query value unchanged, or is not sent', async () => {
    const twite = createTwite({ baseUrl: server.baseUrl });
    await fc.assert(
      fc.asyncProperty(anyString, async (q) => {
        const before = server.received.length;
        const call = twite.search.posts({ q });
        if (!q.isWellFormed()) {
          await expect(call).rejects.toBeInstanceOf(TwiteInputError);
          expect(server.received.length).toBe(before);
          return;
        }
        await call;
        const url = new URL(server.received.at(-1)?.target ?? '', server.baseUrl);
        expect(url.pathname).toBe('/v1/search/posts');
        expect([...url.searchParams]).toEqual([['q', q]]);
      }),
      { numRuns: 300 },
    );
  });

  it('joins lists by commas, omits undefined values, and keeps a path in front of the API', async () => {
    const twite = createTwite({ baseUrl: `${server.baseUrl}/social/`, userAgent: 'bot/1' });
    await twite.relationships.list({ accountIds: ['1', '2'] });
    expect(server.received.at(-1)?.target).toBe('/social/v1/relationships?accountIds=1,2');
    await twite.timelines.home({ limit: 5, cursor: undefined });
    expect(server.received.at(-1)?.target).toBe('/social/v1/timelines/home?limit=5');
    expect(server.received.at(-1)?.headers['user-agent']).toBe('bot/1');
    expect(server.received.at(-1)?.headers['content-type']).toBeUndefined();
  });

  it('sends the rest of the input as the body', async () => {
    const twite = createTwite({ baseUrl: server.baseUrl, retries: 0 });
    const reply = { postId: '7', text: 'hé', parentReplyId: undefined };
    // The script answers 200 to everything; only the request matters here.
    await twite.replies.create(reply).catch(() => undefined);
    expect(server.received.at(-1)).toMatchObject({
      method: 'POST',
      target: '/v1/posts/7/replies',
      body: '{"text":"hé"}',
      headers: { 'content-type': 'application/json' },
    });
    await twite.admin.suspendAccount({ accountId: '8' });
    expect(server.received.at(-1)?.body).toBe('');
    await twite.admin.suspendAccount({ accountId: '8', reason: 'spam' });
    expect(server.received.at(-1)?.body).toBe('{"reason":"spam"}');
  });

  it.each([
    ['a number as an id', { postId: 7 }],
    ['a missing id', {}],
    ['null', { postId: null }],
  ])('is not sent with %s', async (_, input) => {
    const before = server.received.length;
    const twite = createTwite({ baseUrl: server.baseUrl });
    await expect(twite.posts.get(input as never)).rejects.toMatchObject({
      message: 'posts.get: postId must be a string.',
      parameter: 'postId',
    });
    expect(server.received.length).toBe(before);
  });

  it('is not sent with a comma inside a list item, or with an invalid value', async () => {
    const twite = createTwite({ baseUrl: server.baseUrl });
    await expect(twite.relationships.list({ accountIds: ['1,2'] })).rejects.toBeInstanceOf(TwiteInputError);
    await expect(twite.relationships.list({ accountIds: '1' as never })).rejects.toBeInstanceOf(
      TwiteInputError,
    );
    await expect(twite.search.posts({ q: {} as never })).rejects.toBeInstanceOf(TwiteInputError);
  });

  it('has a random Idempotency-Key if it is a POST, or the given one', async () => {
    const twite = createTwite({ baseUrl: server.baseUrl, retries: 0 });
    const keyOf = async (options?: { idempotencyKey: string }) => {
      await twite.posts.create({ text: 'x' }, options).catch(() => undefined);
      return server.received.at(-1)?.headers['idempotency-key'];
    };
    const [first, second] = [await keyOf(), await keyOf()];
    expect(first).toMatch(/^[0-9a-f]{32}$/);
    expect(second).not.toBe(first);
    expect(await keyOf({ idempotencyKey: 'mine-1' })).toBe('mine-1');
    await expect(twite.posts.create({ text: 'x' }, { idempotencyKey: 'a b' })).rejects.toBeInstanceOf(
      TwiteInputError,
    );
    await twite.posts.like({ postId: '7' });
    expect(server.received.at(-1)?.headers['idempotency-key']).toBeUndefined();
  });
});

describe('createTwite', () => {
  it.each(['nowhere', 'ftp://host', 'http://user:secret@host', 'http://host/?x=1', 'http://host/#x'])(
    'refuses %s as baseUrl',
    (baseUrl) => {
      expect(() => createTwite({ baseUrl })).toThrow(TwiteInputError);
    },
  );

  it('refuses a token that is not a valid header value, without quoting it', async () => {
    const twite = createTwite({ baseUrl: 'http://127.0.0.1:9', token: 'secret\nvalue' });
    const error = await twite.me.get().catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(TwiteInputError);
    expect(String(error)).not.toContain('secret');
  });
});
