import { describe, expect, it } from 'vitest';
import { delay } from './deadline.ts';
import { createTwite, type Twite, TwiteConnectionError, TwiteTimeoutError } from './index.ts';
import { retryWait } from './retry.ts';
import { instantWaits } from './testing/instant-waits.ts';
import { type Behaviour, problem, scriptedServer } from './testing/scripted-server.ts';

const like: Behaviour = { status: 200, json: { liked: true, likeCount: 1 } };

/** Runs one call against a script, and returns its result. */
async function run(
  script: readonly Behaviour[],
  call: (twite: Twite) => Promise<unknown> = (twite) => twite.posts.like({ postId: '7' }),
  options: { retries?: number; maxRetryAfterSeconds?: number } = {},
) {
  await using server = await scriptedServer(
    (_, index) => script[Math.min(index, script.length - 1)] as Behaviour,
  );
  const { waits, options: instant } = instantWaits();
  const twite = createTwite({ baseUrl: server.baseUrl, ...instant, ...options });
  const outcome: { value?: unknown; error?: unknown } = await call(twite).then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  return { ...outcome, waits, requests: server.received };
}

describe('a call is retried', () => {
  it.each<[string, Behaviour]>([
    ['a broken connection', 'reset'],
    ['an answer cut off', 'cut'],
    ['503', problem(503, 'unavailable')],
    ['a full disk', problem(503, 'storage_full')],
    ['a fault of the server', problem(500, 'internal_error')],
    ['a body that came too slowly', problem(408, 'request_timeout')],
    ["a proxy's 500", { status: 500, raw: '<h1>Oops</h1>' }],
    ["a proxy's 502", { status: 502, raw: '<h1>Bad gateway</h1>' }],
  ])('after %s, waiting longer each time', async (_, failure) => {
    const { value, waits, requests } = await run([failure, failure, like]);
    expect(value).toEqual({ liked: true, likeCount: 1 });
    expect(waits).toEqual([100, 200]);
    expect(requests.length).toBe(3);
  });

  it('after 429 and 503 with Retry-After, not before that time', async () => {
    const limited = problem(429, 'rate_limited', { headers: { 'retry-after': '4' } });
    const busy = problem(503, 'overloaded', { headers: { 'retry-after': '1' } });
    expect(await run([limited, busy, like])).toMatchObject({ waits: [4100, 1200], value: { liked: true } });
  });

  it('with the same Idempotency-Key and body if it is a POST, even while the first is in flight', async () => {
    const script: Behaviour[] = [
      'reset',
      problem(409, 'idempotency_in_flight'),
      { status: 201, json: { postId: '7' } },
    ];
    const { value, requests } = await run(script, (twite) => twite.posts.create({ text: 'once' }));
    expect(value).toEqual({ postId: '7' });
    expect(new Set(requests.map(({ headers }) => headers['idempotency-key'])).size).toBe(1);
    expect(new Set(requests.map(({ body }) => body))).toEqual(new Set(['{"text":"once"}']));
    expect(requests.length).toBe(3);
  });

  it('only as often as allowed, and then rejects with the last error', async () => {
    const twice = await run(['reset']);
    expect(twice.requests.length).toBe(3);
    expect(twice).toHaveProperty('error', expect.any(TwiteConnectionError));
    expect((await run(['reset'], undefined, { retries: 0 })).requests.length).toBe(1);
    expect(
      (await run(['reset', 'reset', 'reset', 'reset', like], undefined, { retries: 4 })).value,
    ).toBeDefined();
  });
});

describe('a call is not retried', () => {
  it.each<[string, Behaviour]>([
    ['429 without Retry-After', problem(429, 'rate_limited')],
    ['a Retry-After that is too long', problem(429, 'rate_limited', { headers: { 'retry-after': '11' } })],
    ['another conflict', problem(409, 'last_admin')],
    ['404', problem(404, 'post_not_found')],
    ['an answer that is not JSON', { status: 200, raw: 'hello' }],
  ])('after %s', async (_, failure) => {
    const { requests, waits } = await run([failure]);
    expect(requests.length).toBe(1);
    expect(waits).toEqual([]);
  });
});

it.each<[string, Behaviour]>([
  ['500', problem(500, 'internal_error')],
  ['408', problem(408, 'request_timeout')],
])('an upload of a stream, which can be read once, is not retried after %s', async (_, failure) => {
  const stream = new Blob(['a picture']).stream();
  const { requests, waits } = await run([failure], (twite) => twite.media.upload(stream));
  expect(requests.length).toBe(1);
  expect(waits).toEqual([]);
});

describe('the wait', () => {
  it('has full jitter and an upper bound', () => {
    const error = new TwiteConnectionError('gone');
    const wait = (attempt: number, random: number) =>
      retryWait(error, attempt, { maxRetryAfterSeconds: 10, random: () => random });
    expect(wait(0, 0)).toBe(0);
    expect(wait(3, 0.5)).toBe(800);
    expect(wait(40, 1)).toBe(5000);
  });
});

describe('abort and timeout', () => {
  /** Makes calls to a server that never answers. `act` runs once the request has arrived there. */
  async function hanging(
    call: (twite: Twite) => Promise<unknown>,
    act: () => void,
    script: readonly Behaviour[] = ['hang'],
  ): Promise<{ error: unknown; requests: number }> {
    await using server = await scriptedServer((_, index) => {
      const behaviour = script[index] ?? 'hang';
      if (behaviour === 'hang') act();
      return behaviour;
    });
    const twite = createTwite({ baseUrl: server.baseUrl, ...instantWaits().options });
    const error = await call(twite).catch((thrown: unknown) => thrown);
    return { error, requests: server.received.length };
  }

  it('rejects with the reason of the signal, without a retry', async () => {
    const controller = new AbortController();
    const reason = new Error('enough');
    const { error, requests } = await hanging(
      (twite) => twite.posts.get({ postId: '7' }, { signal: controller.signal }),
      () => controller.abort(reason),
    );
    expect(error).toBe(reason);
    expect(requests).toBe(1);
  });

  it('sends nothing if the signal is already aborted', async () => {
    const { error, requests } = await hanging(
      (twite) => twite.posts.get({ postId: '7' }, { signal: AbortSignal.abort() }),
      () => undefined,
    );
    expect(error).toHaveProperty('name', 'AbortError');
    expect(requests).toBe(0);
  });

  it('ends a wait between attempts', async () => {
    await using server = await scriptedServer(() =>
      problem(429, 'rate_limited', { headers: { 'retry-after': '10' } }),
    );
    const controller = new AbortController();
    const twite = createTwite({
      baseUrl: server.baseUrl,
      delay: (milliseconds, signal) => {
        // The real 10 s wait starts, but the test must not wait for its end.
        const waiting = delay(milliseconds, signal);
        controller.abort();
        return waiting;
      },
    });
    const call = twite.me.get({}, { signal: controller.signal });
    await expect(call).rejects.toHaveProperty('name', 'AbortError');
    expect(server.received.length).toBe(1);
  });

  it('takes no longer than timeoutMs in total, and has the last error as its cause', async () => {
    const { error } = await hanging(
      (twite) => twite.posts.get({ postId: '7' }, { timeoutMs: 250 }),
      () => undefined,
      [problem(503, 'unavailable')],
    );
    expect(error).toBeInstanceOf(TwiteTimeoutError);
    expect(error).toMatchObject({
      message: 'posts.get got no answer within 250 ms.',
      timeoutMs: 250,
      cause: { code: 'unavailable' },
    });
  });

  it('never times out with an infinite timeout', async () => {
    const { value } = await run([like], (twite) =>
      twite.posts.like({ postId: '7' }, { timeoutMs: Number.POSITIVE_INFINITY }),
    );
    expect(value).toEqual({ liked: true, likeCount: 1 });
  });
});
