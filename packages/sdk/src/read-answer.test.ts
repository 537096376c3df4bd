import { errorTable } from '@twite/contract';
import { describe, expect, it } from 'vitest';
import {
  ConflictError,
  createTwite,
  ForbiddenError,
  InvalidInputError,
  NotFoundError,
  RateLimitedError,
  ServerError,
  TwiteConnectionError,
  TwiteError,
  TwiteProblemError,
  TwiteProtocolError,
  UnauthenticatedError,
  UnavailableError,
} from './index.ts';
import { parseRetryAfter } from './read-answer.ts';
import { type Behaviour, problem, scriptedServer } from './testing/scripted-server.ts';

async function errorOf(behaviour: Behaviour, options: { maxAnswerBytes?: number } = {}): Promise<unknown> {
  await using server = await scriptedServer(() => behaviour);
  const twite = createTwite({ baseUrl: server.baseUrl, retries: 0, ...options });
  return await twite.timelines.home().then(
    (page) => ({ page }),
    (error: unknown) => error,
  );
}

const classes: Readonly<Record<number, new (...parameters: never[]) => Error>> = {
  400: InvalidInputError,
  401: UnauthenticatedError,
  403: ForbiddenError,
  404: NotFoundError,
  405: TwiteProblemError,
  408: TwiteProblemError,
  409: ConflictError,
  413: InvalidInputError,
  415: InvalidInputError,
  422: InvalidInputError,
  429: RateLimitedError,
  500: ServerError,
  503: UnavailableError,
};

describe('a problem', () => {
  it('becomes an error class by its status, for every code of the contract', async () => {
    const replies = Object.entries(errorTable).map(([code, { status }]) => problem(status, code));
    await using server = await scriptedServer((_, index) => replies[index] as Behaviour);
    const twite = createTwite({ baseUrl: server.baseUrl, retries: 0 });
    for (const [code, { status }] of Object.entries(errorTable)) {
      const error = await twite.instance.get().catch((thrown: unknown) => thrown);
      const ErrorClass = classes[status] as new (...parameters: never[]) => Error;
      expect(error).toBeInstanceOf(ErrorClass);
      expect(error).toBeInstanceOf(TwiteProblemError);
      expect(error).toBeInstanceOf(TwiteError);
      expect(error).toMatchObject({
        name: ErrorClass.name,
        status,
        code,
        title: `Title of ${code}`,
        detail: `Detail of ${code}`,
        message: `instance.get failed with ${status} ${code}: ${
          code === 'unauthenticated'
            ? 'Sign in first, or give createTwite a token or a session.'
            : `Detail of ${code}`
        }`,
        operationId: 'getInstance',
        parameter: undefined,
        requestId: 'request-1',
        errors: [],
        retryAfterSeconds: undefined,
      });
    }
  });

  it('keeps all issues, and the time to wait', async () => {
    const errors = [{ in: 'query', path: 'limit', code: 'too_big', message: 'must be at most 100' }];
    expect(await errorOf(problem(422, 'invalid_input', { errors }))).toMatchObject({
      errors,
      parameter: 'limit',
      message: 'timelines.home failed with 422 invalid_input: limit: must be at most 100',
    });
    const limited = await errorOf(problem(429, 'rate_limited', { headers: { 'retry-after': '7' } }));
    expect(limited).toMatchObject({ retryAfterSeconds: 7 });
  });

  it('names the first invalid fields, and the number of others', async () => {
    const errors = ['a', 'b', '', 'd', 'e'].map((path) => ({
      in: 'body',
      path,
      code: 'custom',
      message: 'is odd',
    }));
    expect(await errorOf(problem(422, 'invalid_input', { errors }))).toHaveProperty(
      'message',
      'timelines.home failed with 422 invalid_input: a: is odd; b: is odd; body: is odd; and 2 more',
    );
  });

  it('has the class of its status even if its code is newer than the client', async () => {
    expect(await errorOf(problem(418, 'brewing'))).toMatchObject({
      name: 'TwiteProblemError',
      code: 'brewing',
    });
    expect(await errorOf(problem(507, 'full'))).toBeInstanceOf(ServerError);
  });
});

describe('a response that violates the contract', () => {
  const page = { items: [], nextCursor: null };
  it.each<[string, Behaviour, string]>([
    ['broken JSON', { status: 200, raw: '{"items":' }, 'is not JSON'],
    ['no body', { status: 200 }, 'is not JSON'],
    ['a list', { status: 200, json: [] }, 'is not a JSON object'],
    ['a page without items', { status: 200, json: { nextCursor: null } }, 'is a page without items'],
    ['a page without cursor', { status: 200, json: { items: [] } }, 'is a page without nextCursor'],
    ['bytes that are not UTF-8', { status: 200, raw: new Uint8Array([0x22, 0xff, 0x22]) }, 'is not UTF-8'],
    ['another status of success', { status: 202, json: page }, 'came with a status other than 200'],
    ["a proxy's page", { status: 502, raw: '<h1>Bad gateway</h1>' }, 'is not JSON'],
    ['an error that is no problem', { status: 500, json: { message: 'oops' } }, 'is not a problem'],
    ['a redirect', { status: 301, headers: { location: '/elsewhere' } }, 'redirect. Check baseUrl'],
  ])('is a TwiteProtocolError: %s', async (_, behaviour, message) => {
    const error = await errorOf(behaviour);
    expect(error).toBeInstanceOf(TwiteProtocolError);
    expect((error as TwiteProtocolError).message).toContain(message);
  });

  it('keeps the known details', async () => {
    const headers = { 'content-type': 'text/html', 'x-request-id': 'r-9', 'retry-after': '3' };
    const error = await errorOf({ status: 504, raw: `<p>${'x'.repeat(600)}`, headers });
    expect(error).toMatchObject({ status: 504, requestId: 'r-9', retryAfterSeconds: 3 });
    expect(error).toHaveProperty('bodyStart', `<p>${'x'.repeat(497)}`);
    expect(error).toHaveProperty('cause.name', 'SyntaxError');
  });

  it('includes responses that are too large', async () => {
    const error = await errorOf(
      { status: 200, json: { ...page, pad: 'x'.repeat(2000) } },
      { maxAnswerBytes: 1000 },
    );
    expect(error).toBeInstanceOf(TwiteProtocolError);
    expect(String(error)).toContain('larger than 1000 bytes');
    expect(await errorOf({ status: 200, json: page }, { maxAnswerBytes: 1000 })).toEqual({ page });
  });
});

describe('no response', () => {
  it.each<Behaviour>(['reset', 'cut'])('is a TwiteConnectionError with its cause: %s', async (behaviour) => {
    const error = await errorOf(behaviour);
    expect(error).toBeInstanceOf(TwiteConnectionError);
    expect((error as Error).cause).toBeInstanceOf(Error);
  });
});

describe('Retry-After', () => {
  const now = Date.parse('2026-11-23T08:00:00Z');
  it.each([
    [null, undefined],
    ['0', 0],
    [' 120 ', 120],
    ['Mon, 23 Nov 2026 08:00:30 GMT', 30],
    ['Mon, 23 Nov 2026 07:00:00 GMT', 0],
    ['soon', undefined],
    ['-1x', undefined],
  ])('%s means %s seconds', (header, seconds) => {
    expect(parseRetryAfter(header, now)).toBe(seconds);
  });
});
