import { afterEach, describe, expect, it, vi } from 'vitest';
import { createTwite, type RequestEvent, type ResponseEvent, type RetryEvent } from './index.ts';
import { instantWaits } from './testing/instant-waits.ts';
import { type Behaviour, problem, scriptedServer } from './testing/scripted-server.ts';

const headers = {
  etag: '"v1"',
  'x-request-id': 'request-9',
  ratelimit: '"read";r=299;t=60',
  'ratelimit-policy': '"read";q=300;w=60',
};
const rateLimit = { policy: 'read', limit: 300, windowSeconds: 60, remaining: 299, resetSeconds: 60 };

describe('withResponse', () => {
  it('returns the data with request id, ETag and rate limit, in one request', async () => {
    await using server = await scriptedServer(() => ({ status: 200, json: { handle: 'eponine' }, headers }));
    const call = createTwite({ baseUrl: server.baseUrl }).me.get();
    const { data, response } = await call.withResponse();
    expect(data).toEqual({ handle: 'eponine' });
    expect(response).toMatchObject({ status: 200, requestId: 'request-9', etag: '"v1"', rateLimit });
    expect(response.headers.get('content-type')).toBe('application/json');
    expect(await call).toBe(data);
    expect(server.received.length).toBe(1);
  });

  it('returns the first page of a list', async () => {
    const page = { items: [{ postId: '1' }], nextCursor: null };
    await using server = await scriptedServer(() => ({ status: 200, json: page, headers }));
    const list = createTwite({ baseUrl: server.baseUrl }).timelines.home();
    expect(server.received.length).toBe(0);
    expect(await list.withResponse()).toMatchObject({ data: page, response: { requestId: 'request-9' } });
    expect(await list.toArray({ max: 10 })).toEqual(page.items);
    expect(server.received.length).toBe(1);
  });

  it('rejects like the call, and only once', async () => {
    await using server = await scriptedServer(() => problem(404, 'post_not_found'));
    const twite = createTwite({ baseUrl: server.baseUrl });
    const unhandled = vi.fn();
    process.on('unhandledRejection', unhandled);
    try {
      await expect(twite.posts.get({ postId: '7' }).withResponse()).rejects.toMatchObject({ status: 404 });
      // Unhandled rejections are reported after the microtasks.
      await new Promise((resolve) => setImmediate(resolve));
      expect(unhandled).not.toHaveBeenCalled();
    } finally {
      process.off('unhandledRejection', unhandled);
    }
  });

  it.each<[Record<string, string>, unknown]>([
    [{}, undefined],
    [{ ratelimit: 'limit=3' }, undefined],
    [{ ratelimit: '"read";r=3' }, undefined],
    [
      { ratelimit: '"read";r=3;t=7' },
      { policy: 'read', remaining: 3, resetSeconds: 7, limit: undefined, windowSeconds: undefined },
    ],
  ])('only parses complete rate limits: %j', async (some, expected) => {
    await using server = await scriptedServer(() => ({ status: 200, json: {}, headers: some }));
    const { response } = await createTwite({ baseUrl: server.baseUrl }).instance.get().withResponse();
    expect(response.rateLimit).toEqual(expected);
    expect(response).toMatchObject({ requestId: undefined, etag: undefined });
  });
});

describe('hooks', () => {
  const script: Behaviour[] = [
    'reset',
    problem(503, 'unavailable', { headers }),
    { status: 201, json: {}, headers },
  ];

  it('receive each request, response and retry, in order', async () => {
    await using server = await scriptedServer((_, index) => script[index] as Behaviour);
    const told: [string, RequestEvent | ResponseEvent | RetryEvent][] = [];
    const twite = createTwite({
      baseUrl: server.baseUrl,
      token: 'twp_token',
      ...instantWaits().options,
      onRequest: (event) => told.push(['request', event]),
      onResponse: (event) => told.push(['response', event]),
      onRetry: async (event) => told.push(['retry', event]),
    });
    await twite.posts.create({ text: 'Rain' });
    expect(told.map(([kind, { attempt }]) => `${kind} ${attempt}`)).toEqual([
      ...['request 1', 'retry 1', 'request 2', 'response 2', 'retry 2', 'request 3', 'response 3'],
    ]);
    const at = (index: number) => told[index]?.[1];
    expect(at(0)).toMatchObject({
      operationId: 'createPost',
      method: 'POST',
      url: `${server.baseUrl}/v1/posts`,
    });
    expect(at(1)).toMatchObject({ error: { name: 'TwiteConnectionError' }, waitMs: 100 });
    expect(at(3)).toMatchObject({ response: { status: 503, requestId: 'request-9', rateLimit } });
    expect(at(4)).toMatchObject({ error: { code: 'unavailable' }, waitMs: 200 });
    expect((at(6) as ResponseEvent).durationMs).toBeGreaterThanOrEqual(0);
  });

  it('can add a header to each attempt, including session refreshes', async () => {
    const session = {
      sessionId: '1',
      accessToken: 'old',
      refreshToken: 'r',
      expiresAt: '2020-01-01T00:00:00Z',
    };
    const next = { ...session, accessToken: 'new', expiresAt: '2126-01-01T00:00:00Z' };
    await using server = await scriptedServer(({ target }) => ({
      status: 200,
      json: target.endsWith('/refresh') ? { session: next } : {},
    }));
    const twite = createTwite({
      baseUrl: server.baseUrl,
      session,
      onRequest: async ({ headers, operationId }) => headers.set('x-trace', operationId),
    });
    await twite.me.get();
    expect(server.received.map((request) => request.headers['x-trace'])).toEqual(['refreshSession', 'getMe']);
    expect(server.received[1]?.headers.authorization).toBe('Bearer new');
  });

  it.each(['onRequest', 'onResponse', 'onRetry'])('that throw reject the call: %s', async (hook) => {
    await using server = await scriptedServer(() => problem(503, 'unavailable'));
    const twite = createTwite({
      baseUrl: server.baseUrl,
      ...instantWaits().options,
      [hook]: () => {
        throw new RangeError('from the hook');
      },
    });
    await expect(twite.me.get()).rejects.toThrow('from the hook');
    expect(server.received.length).toBe(hook === 'onRequest' ? 0 : 1);
  });
});

describe('the environment', () => {
  afterEach(() => vi.unstubAllEnvs());
  const authorization = async (options: Parameters<typeof createTwite>[0]): Promise<unknown> => {
    await using server = await scriptedServer(() => ({ status: 200, json: {} }));
    vi.stubEnv('TWITE_URL', server.baseUrl);
    vi.stubEnv('TWITE_TOKEN', 'twp_environment');
    const given = options && 'baseUrl' in options ? { ...options, baseUrl: server.baseUrl } : options;
    await createTwite(given).instance.get();
    await createTwite(given).me.get();
    return server.received[1]?.headers.authorization;
  };
  const session = { sessionId: '1', accessToken: 'a', refreshToken: 'r', expiresAt: '2126-01-01T00:00:00Z' };

  it('provides server and token for a client without either', async () => {
    expect(await authorization(undefined)).toBe('Bearer twp_environment');
    expect(await authorization({})).toBe('Bearer twp_environment');
    expect(await authorization({ token: 'twp_own' })).toBe('Bearer twp_own');
  });

  it('provides no token for an explicit server, or for a client with its own session', async () => {
    expect(await authorization({ baseUrl: 'the same server' })).toBeUndefined();
    expect(await authorization({ session })).toBe('Bearer a');
    expect(await authorization({ onSession: () => undefined })).toBeUndefined();
  });

  it('without an address, the error says what to do, and names the invalid variable', () => {
    vi.stubEnv('TWITE_URL', '');
    expect(() => createTwite()).toThrow(
      "Say where the server is: createTwite({ baseUrl: 'http://127.0.0.1:8080' }), or outside of browsers TWITE_URL",
    );
    vi.stubEnv('TWITE_URL', 'twite.example');
    expect(() => createTwite()).toThrow('TWITE_URL is not a URL: twite.example');
  });
});
