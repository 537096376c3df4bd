import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createTwite, type Fetch, type Session } from '@twite/sdk';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openSessionStore, type SessionStore } from './session-store.ts';
import { sharedRefresh } from './shared-refresh.ts';

const server = 'http://twite.example';
let folder: string;
let store: SessionStore;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twite-refresh-'));
  store = openSessionStore(folder);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const session = (n: number, { expiresInMs = 900_000, sessionId = '1855647289012345678' } = {}): Session => ({
  sessionId,
  accessToken: `access-${n}`,
  refreshToken: `refresh-${n}`,
  expiresAt: new Date(Date.now() + expiresInMs).toISOString(),
});

/** A server without grace: a refresh token that is used again ends the session. */
function strictServer() {
  let newest = 1;
  const refreshed: string[] = [];
  const fetch: Fetch = async (url, init) => {
    if (!url.endsWith('/refresh')) return Response.json({ counted: true });
    const { refreshToken } = JSON.parse(String(init.body)) as { refreshToken: string };
    refreshed.push(refreshToken);
    if (refreshToken !== `refresh-${newest}`) return Response.json({}, { status: 500 });
    newest++;
    return Response.json({ session: session(newest) });
  };
  return { fetch, refreshed };
}

/** A process of the command line, with the session that it read when it began. */
const process = (fetch: Fetch, held: Session) => {
  const twite = createTwite({
    baseUrl: server,
    session: held,
    retries: 0,
    fetch: sharedRefresh({ store, server, current: () => twite.session, fetch }),
  });
  return twite;
};

test('two processes that refresh at once use the refresh token once', async () => {
  const ending = session(1, { expiresInMs: 1_000 });
  await store.put(server, ending);
  const { fetch, refreshed } = strictServer();
  const [one, two] = [process(fetch, ending), process(fetch, ending)];
  await Promise.all([one.me.get(), two.me.get()]);
  expect(refreshed).toEqual(['refresh-1']);
  expect([one.session?.accessToken, two.session?.accessToken]).toEqual(['access-2', 'access-2']);
  expect((await store.find(server))?.refreshToken).toBe('refresh-2');
});

test('a process that slept through several refreshes goes on from the newest', async () => {
  const { fetch, refreshed } = strictServer();
  await fetch(`${server}/v1/sessions/refresh`, { body: JSON.stringify({ refreshToken: 'refresh-1' }) });
  await store.put(server, session(2, { expiresInMs: 1_000 }));
  const late = process(fetch, session(1, { expiresInMs: 1_000 }));
  await late.me.get();
  expect(refreshed).toEqual(['refresh-1', 'refresh-2']);
  expect(late.session?.accessToken).toBe('access-3');
});

test('a process stays who it is when somebody else signs in meanwhile', async () => {
  const other = session(7, { sessionId: '1855647289012345679' });
  await store.put(server, other);
  const { fetch, refreshed } = strictServer();
  const first = process(fetch, session(1, { expiresInMs: 1_000 }));
  await first.me.get();
  expect([refreshed, first.session?.accessToken]).toEqual([['refresh-1'], 'access-2']);
  expect(await store.find(server)).toEqual(other);
});
