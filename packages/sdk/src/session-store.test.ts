import { afterEach, describe, expect, it, vi } from 'vitest';
import { browserSessionStore, createTwite, type Fetch, type Session, type SessionStore } from './index.ts';

const minute = 60_000;
const start = Date.parse('2026-11-23T08:00:00.000Z');

const session = (n: number, { endsInMs = 15 * minute, sessionId = '1' } = {}): Session => ({
  sessionId,
  accessToken: `access-${n}`,
  refreshToken: `refresh-${n}`,
  expiresAt: new Date(start + endsInMs).toISOString(),
});

/** An in-memory store whose lock is a queue. */
function memoryStore(kept?: Session): SessionStore & { kept: Session | undefined } {
  let last: Promise<unknown> = Promise.resolve();
  return {
    kept,
    async load() {
      return this.kept;
    },
    async save(next) {
      this.kept = next;
    },
    lock(change) {
      const run = last.then(change);
      last = run.catch(() => undefined);
      return run;
    },
  };
}

const gone = () =>
  Response.json({ type: '', title: '', status: 401, code: 'invalid_token' }, { status: 401 });

/** A server without a grace period: reusing a refresh token ends the session. */
function strictServer(newest = 1) {
  let live: number | undefined = newest;
  const refreshed: string[] = [];
  const fetch: Fetch = async (url, init) => {
    if (!url.endsWith('/refresh')) {
      const token = new Headers(init.headers).get('authorization');
      if (url.endsWith('/sessions/current')) return new Response(null, { status: 204 });
      return token === `Bearer access-${live}` ? Response.json({ handle: 'cosette' }) : gone();
    }
    const { refreshToken } = JSON.parse(String(init.body)) as { refreshToken: string };
    refreshed.push(refreshToken);
    live = refreshToken === `refresh-${live}` ? Number(live) + 1 : undefined;
    return live === undefined ? gone() : Response.json({ session: session(live) });
  };
  return { fetch, refreshed };
}

const ending = session(1, { endsInMs: 1_000 });

function client(fetch: Fetch, sessionStore: SessionStore, held?: Session) {
  const told: (Session | undefined)[] = [];
  const twite = createTwite({
    ...{ baseUrl: 'http://twite.example', retries: 0, fetch, sessionStore, session: held, now: () => start },
    onSession: (next) => void told.push(next),
  });
  return Object.assign(Object.create(twite) as typeof twite, { told });
}

describe('clients over one store', () => {
  it('that refresh concurrently use the refresh token once', async () => {
    const store = memoryStore(ending);
    const { fetch, refreshed } = strictServer();
    const [one, two] = [client(fetch, store, ending), client(fetch, store)];
    await Promise.all([one.me.get(), two.me.get()]);
    expect(refreshed).toEqual(['refresh-1']);
    expect([one.session, two.session, store.kept]).toEqual([session(2), session(2), session(2)]);
  });

  it('take over a session that another client refreshed long ago, even after a refusal', async () => {
    const store = memoryStore(session(2, { endsInMs: 1_000 }));
    const { fetch, refreshed } = strictServer(2);
    const late = client(fetch, store, ending);
    await late.me.get();
    expect([refreshed, store.kept]).toEqual([['refresh-2'], session(3)]);
    // A client without the store has refreshed it: the stored session looks valid but is not.
    store.kept = session(4);
    const twice = client(fetch, store, session(2));
    await expect(twice.me.get()).rejects.toMatchObject({ code: 'invalid_token' });
    expect([refreshed.at(-1), twice.session, store.kept]).toEqual(['refresh-4', undefined, undefined]);
  });

  it('sign in and out together', async () => {
    const store = memoryStore(session(1));
    const { fetch } = strictServer();
    const [one, two] = [client(fetch, store), client(fetch, store)];
    await two.me.get();
    expect(two.session).toEqual(session(1));
    await one.sessions.delete({ sessionId: 'current' });
    expect([one.session, store.kept, one.told]).toEqual([undefined, undefined, [undefined]]);
    await expect(one.me.get()).rejects.toMatchObject({ code: 'invalid_token' });
  });

  it('do not overwrite a later sign-in of another client', async () => {
    const other = session(7, { sessionId: '2' });
    const store = memoryStore(other);
    const { fetch, refreshed } = strictServer();
    const first = client(fetch, store, ending);
    await first.me.get();
    expect([refreshed, first.session, store.kept]).toEqual([['refresh-1'], session(2), other]);
    await first.sessions.delete({ sessionId: 'current' });
    expect([first.session, store.kept]).toEqual([undefined, other]);
  });

  it('release the lock and complete the call when saving fails', async () => {
    const store = memoryStore(ending);
    const save = store.save;
    store.save = () => Promise.reject(new Error('quota'));
    const { fetch } = strictServer();
    await expect(client(fetch, store).sessions.delete({ sessionId: 'current' })).rejects.toThrow('quota');
    store.save = save;
    expect(await store.lock(async () => 'free')).toBe('free');
  });
});

describe('the store of browsers', () => {
  afterEach(() => vi.unstubAllGlobals());

  function browser(locks?: object) {
    const items = new Map<string, string>();
    vi.stubGlobal('localStorage', {
      getItem: (key: string) => items.get(key) ?? null,
      setItem: (key: string, value: string) => void items.set(key, value),
      removeItem: (key: string) => void items.delete(key),
    });
    vi.stubGlobal('navigator', { locks });
    return items;
  }

  it('keeps the session under a key of localStorage', () => {
    const items = browser();
    const store = browserSessionStore('mine');
    expect(store.load()).toBeUndefined();
    store.save(session(1));
    expect([...items.keys()]).toEqual(['mine']);
    expect(browserSessionStore('mine').load()).toEqual(session(1));
    items.set('mine', '{"accessToken":');
    expect(store.load()).toBeUndefined();
    store.save(undefined);
    expect(items.size).toBe(0);
  });

  it('coordinates with Web Locks, and works without them', async () => {
    const request = vi.fn((_name: string, run: () => Promise<unknown>) => run());
    browser({ request });
    expect(await browserSessionStore().lock(async () => 7)).toBe(7);
    expect(request.mock.calls.map(([name]) => name)).toEqual(['twite.session']);
    browser();
    expect(await browserSessionStore().lock(async () => 8)).toBe(8);
  });
});
