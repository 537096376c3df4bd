import { describe, expect, it } from 'vitest';
import {
  createTwite,
  type Session,
  TwiteInputError,
  UnauthenticatedError,
  UnavailableError,
} from './index.ts';
import { instantWaits } from './testing/instant-waits.ts';
import { type Behaviour, problem, type Received, scriptedServer } from './testing/scripted-server.ts';

const start = Date.parse('2026-11-23T08:00:00.000Z');
const minute = 60_000;

/** The nth session of one sign-in; its access token is valid for 15 minutes. */
const session = (n: number, { sessionId = '1', at = start } = {}): Session => ({
  sessionId,
  accessToken: `access-${n}`,
  refreshToken: `refresh-${n}`,
  expiresAt: new Date(at + 15 * minute).toISOString(),
});

const me: Behaviour = { status: 200, json: { accountId: '5', handle: 'cosette' } };
const gone = problem(401, 'invalid_token');

const tokenOf = ({ headers }: Received): string | undefined =>
  typeof headers.authorization === 'string' ? headers.authorization.replace('Bearer ', '') : undefined;

const refreshes = (received: readonly Received[]): string[] =>
  received
    .filter(({ target }) => target === '/v1/sessions/refresh')
    .map(({ body }) => JSON.parse(body).refreshToken);

/** Accepts one access token, and answers a refresh as specified. */
const accepting =
  (valid: string, refreshed: Behaviour) =>
  (request: Received): Behaviour => {
    if (request.target === '/v1/sessions/refresh') return refreshed;
    return tokenOf(request) === valid ? me : gone;
  };

/** Records what the client reports about its session. */
function notebook() {
  const told: (string | undefined)[] = [];
  return { told, onSession: (next: Session | undefined) => void told.push(next?.accessToken) };
}

describe('signing in and out', () => {
  it.each(['create an account', 'create a session'])('%s: the calls after it are signed in', async (how) => {
    await using server = await scriptedServer(({ method }) =>
      method === 'POST' ? { status: 201, json: { account: {}, session: session(1) } } : me,
    );
    const { told, onSession } = notebook();
    const twite = createTwite({ baseUrl: server.baseUrl, onSession, now: () => start });
    expect(twite.session).toBeUndefined();
    const credentials = { handle: 'cosette', password: 'long enough' };
    if (how === 'create a session') await twite.sessions.create(credentials);
    else await twite.accounts.create(credentials);
    await twite.me.get();
    expect(server.received.map(tokenOf)).toEqual([undefined, 'access-1']);
    expect(twite.session).toEqual(session(1));
    expect(told).toEqual(['access-1']);
  });

  it.each([
    ['current', { sessionId: 'current' as const }, undefined],
    ['its own id', { sessionId: '1' }, undefined],
    ['the id of another session', { sessionId: '2' }, 'access-1'],
  ])('deleting %s', async (_, input, left) => {
    await using server = await scriptedServer(() => ({ status: 204 }));
    const { told, onSession } = notebook();
    const twite = createTwite({ baseUrl: server.baseUrl, session: session(1), onSession, now: () => start });
    await twite.sessions.delete(input);
    expect(twite.session?.accessToken).toBe(left);
    expect(told).toEqual(left === undefined ? [undefined] : []);
  });

  it('deleting the account signs out', async () => {
    await using server = await scriptedServer(() => ({ status: 204 }));
    const twite = createTwite({ baseUrl: server.baseUrl, session: session(1), now: () => start });
    await twite.me.delete({ password: 'au bord du puits' });
    expect(twite.session).toBeUndefined();
  });

  it('waits until the session is saved, and rejects if that fails', async () => {
    await using server = await scriptedServer(() => ({
      status: 201,
      json: { account: {}, session: session(1) },
    }));
    const order: string[] = [];
    let fails = false;
    const twite = createTwite({
      baseUrl: server.baseUrl,
      onSession: async () => {
        await Promise.resolve();
        order.push('kept');
        if (fails) throw new Error('disk full');
      },
    });
    await twite.sessions.create({ handle: 'a', password: 'b' });
    order.push('signed in');
    expect(order).toEqual(['kept', 'signed in']);
    fails = true;
    await expect(twite.sessions.create({ handle: 'a', password: 'b' })).rejects.toThrow('disk full');
    fails = false;
    await twite.sessions.create({ handle: 'a', password: 'b' });
  });

  it('with a token, nothing is refreshed or replaced', async () => {
    await using server = await scriptedServer(({ method }) =>
      method === 'POST' ? { status: 201, json: { account: {}, session: session(1) } } : gone,
    );
    const { told, onSession } = notebook();
    const twite = createTwite({ baseUrl: server.baseUrl, token: 'personal', onSession });
    await expect(twite.me.get()).rejects.toBeInstanceOf(UnauthenticatedError);
    await twite.sessions.create({ handle: 'a', password: 'b' });
    expect(server.received.map(tokenOf)).toEqual(['personal', undefined]);
    expect(twite.session).toBeUndefined();
    expect(told).toEqual([]);
    expect(() => createTwite({ baseUrl: server.baseUrl, token: 'x', session: session(1) })).toThrow(
      TwiteInputError,
    );
  });
});

describe('a refresh', () => {
  const refreshed: Behaviour = { status: 200, json: { session: session(2) } };

  it('happens once for 50 concurrently refused calls, and each is retried', async () => {
    const allRefused = Promise.withResolvers<void>();
    let refused = 0;
    await using server = await scriptedServer(async (request) => {
      if (request.target === '/v1/sessions/refresh') {
        // Held until all 50 requests were refused.
        await allRefused.promise;
        return refreshed;
      }
      if (tokenOf(request) === 'access-2') return me;
      if (++refused === 50) allRefused.resolve();
      return gone;
    });
    const { told, onSession } = notebook();
    const twite = createTwite({ baseUrl: server.baseUrl, session: session(1), onSession, now: () => start });
    const answers = await Promise.all(Array.from({ length: 50 }, () => twite.me.get()));
    expect(answers.every(({ handle }) => handle === 'cosette')).toBe(true);
    expect(refreshes(server.received)).toEqual(['refresh-1']);
    expect(server.received.length).toBe(50 + 1 + 50);
    expect(told).toEqual(['access-2']);
  });

  it('does not happen again for a late refusal', async () => {
    const lateRefusal = Promise.withResolvers<void>();
    await using server = await scriptedServer(async (request, index) => {
      if (index === 0) await lateRefusal.promise;
      return accepting('access-2', refreshed)(request);
    });
    const twite = createTwite({ baseUrl: server.baseUrl, session: session(1), now: () => start });
    const late = twite.me.get();
    await twite.me.get();
    lateRefusal.resolve();
    await late;
    expect(refreshes(server.received)).toEqual(['refresh-1']);
  });

  it('happens 30 seconds before expiry, for all calls together', async () => {
    await using server = await scriptedServer(accepting('access-2', refreshed));
    let now = start;
    const twite = createTwite({ baseUrl: server.baseUrl, session: session(1), now: () => now });
    now = start + 15 * minute - 30_000;
    await Promise.all([twite.me.get(), twite.me.get(), twite.posts.get({ postId: '7' })]);
    expect(server.received.map(({ target }) => target)[0]).toBe('/v1/sessions/refresh');
    expect(server.received.length).toBe(4);
  });

  it('does not happen before each call when the clock is far ahead', async () => {
    await using server = await scriptedServer(accepting('access-2', refreshed));
    const twite = createTwite({
      baseUrl: server.baseUrl,
      session: session(1),
      now: () => start + 1000 * minute,
    });
    for (let call = 0; call < 3; call++) await twite.me.get();
    expect(refreshes(server.received)).toEqual(['refresh-1']);
  });

  it('that fails early does not matter while the token is valid', async () => {
    await using server = await scriptedServer(accepting('access-1', problem(503, 'unavailable')));
    const options = { baseUrl: server.baseUrl, session: session(1), ...instantWaits().options };
    const stillValid = createTwite({ ...options, now: () => start + 15 * minute - 1 });
    expect(await stillValid.me.get()).toMatchObject({ handle: 'cosette' });
    const ended = createTwite({ ...options, now: () => start + 15 * minute });
    await expect(ended.me.get()).rejects.toBeInstanceOf(UnavailableError);
    expect(ended.session).toEqual(session(1));
  });

  it('that is refused ends the session, for all waiting calls', async () => {
    await using server = await scriptedServer(accepting('nothing', gone));
    const { told, onSession } = notebook();
    const twite = createTwite({ baseUrl: server.baseUrl, session: session(1), onSession, now: () => start });
    const outcomes = await Promise.allSettled([twite.me.get(), twite.me.get(), twite.timelines.home()]);
    for (const outcome of outcomes) {
      expect(outcome).toHaveProperty('reason', expect.any(UnauthenticatedError));
    }
    expect(refreshes(server.received)).toEqual(['refresh-1']);
    expect(told).toEqual([undefined]);
    expect(twite.session).toBeUndefined();
  });

  it('keeps the Idempotency-Key of a POST', async () => {
    await using server = await scriptedServer((request) => {
      if (request.target === '/v1/sessions/refresh') return refreshed;
      return tokenOf(request) === 'access-2' ? { status: 201, json: { postId: '7' } } : gone;
    });
    const twite = createTwite({ baseUrl: server.baseUrl, session: session(1), now: () => start });
    await twite.posts.create({ text: 'once' });
    const [first, , second] = server.received.map(({ headers }) => headers['idempotency-key']);
    expect(second).toBe(first);
  });

  it('continues for the others when one caller aborts', async () => {
    const aborted = Promise.withResolvers<void>();
    const controller = new AbortController();
    await using server = await scriptedServer(async (request) => {
      if (request.target === '/v1/sessions/refresh') {
        controller.abort();
        await aborted.promise;
      }
      return accepting('access-2', refreshed)(request);
    });
    const twite = createTwite({
      baseUrl: server.baseUrl,
      session: session(1),
      now: () => start + 15 * minute,
    });
    const first = twite.me.get({}, { signal: controller.signal });
    const second = twite.me.get();
    await expect(first).rejects.toHaveProperty('name', 'AbortError');
    aborted.resolve();
    expect(await second).toMatchObject({ handle: 'cosette' });
    expect(refreshes(server.received)).toEqual(['refresh-1']);
  });

  it('does not use the session of another account that signed in meanwhile', async () => {
    const signedIn = Promise.withResolvers<void>();
    const other = session(9, { sessionId: '2' });
    await using server = await scriptedServer(async (request) => {
      if (request.target === '/v1/sessions') return { status: 201, json: { account: {}, session: other } };
      if (tokenOf(request) === 'access-1') await signedIn.promise;
      return accepting('access-9', refreshed)(request);
    });
    const twite = createTwite({ baseUrl: server.baseUrl, session: session(1), now: () => start });
    const asFirst = twite.posts.like({ postId: '7' });
    await twite.sessions.create({ handle: 'other', password: 'b' });
    signedIn.resolve();
    await expect(asFirst).rejects.toBeInstanceOf(UnauthenticatedError);
    expect(server.received.filter(({ method }) => method === 'PUT').map(tokenOf)).toEqual(['access-1']);
    expect(twite.session).toEqual(other);
  });

  it('does not send a waiting call signed out or as another account after a sign-out', async () => {
    const signedOut = Promise.withResolvers<void>();
    const refreshing = Promise.withResolvers<void>();
    let now = start;
    await using server = await scriptedServer(async ({ method, target }) => {
      if (method === 'DELETE') return { status: 204 };
      if (target !== '/v1/sessions/refresh') return me;
      refreshing.resolve();
      await signedOut.promise;
      return refreshed;
    });
    const { told, onSession } = notebook();
    const twite = createTwite({ baseUrl: server.baseUrl, session: session(1), onSession, now: () => now });
    now = start + 15 * minute - 1;
    const waiting = twite.posts.like({ postId: '7' });
    await refreshing.promise;
    // At a time when the token is valid, so that signing out needs no refresh.
    now = start;
    await twite.sessions.delete({ sessionId: 'current' });
    signedOut.resolve();
    await expect(waiting).rejects.toThrow('The client signed out while the call was waiting.');
    expect(server.received.some(({ method }) => method === 'PUT')).toBe(false);
    expect(told).toEqual([undefined]);
    expect(twite.session).toBeUndefined();
  });

  it('by hand updates the client if it was its own token', async () => {
    await using server = await scriptedServer(() => refreshed);
    const twite = createTwite({ baseUrl: server.baseUrl, session: session(1), now: () => start });
    await twite.sessions.refresh({ refreshToken: 'of-another-device' });
    expect(twite.session).toEqual(session(1));
    await twite.sessions.refresh({ refreshToken: 'refresh-1' });
    expect(twite.session).toEqual(session(2));
  });
});
