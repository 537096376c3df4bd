import { createTwite, type Session, type SessionStore } from '@twite/sdk';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startEmbedded } from './embedded.ts';
import type { RunningServer } from './serve.ts';

let server: RunningServer;
beforeAll(async () => {
  server = await startEmbedded({ dataDir: ':memory:' });
});
afterAll(() => server?.close());

/** The storage that two tabs of a browser share. */
function sharedStore(): SessionStore {
  let kept: Session | undefined;
  let last: Promise<unknown> = Promise.resolve();
  return {
    load: () => kept,
    save(next) {
      kept = next;
    },
    lock(change) {
      const run = last.then(change);
      last = run.catch(() => undefined);
      return run;
    },
  };
}

/** 25 seconds before the end of an access token issued now: the client refreshes it first. */
const nearlyEnded = () => Date.now() + (15 * 60 - 25) * 1000;

test('two clients with one store refresh in turn and concurrently, and stay signed in', async () => {
  const sessionStore = sharedStore();
  const [one, two] = [0, 1].map(() => createTwite({ baseUrl: server.url, sessionStore, now: nearlyEnded }));
  if (!one || !two) throw new Error('There are two.');
  await one.accounts.create({ handle: 'cosette', password: 'au bord du puits' });
  for (let round = 0; round < 3; round++) {
    await one.me.get();
    await one.me.get();
    expect((await two.me.get()).handle).toBe('cosette');
    await Promise.all([one.me.get(), two.me.get(), one.timelines.home(), two.timelines.home()]);
  }
  const signedIn = one.session?.sessionId;
  expect([two.session?.sessionId, (await sessionStore.load())?.sessionId]).toEqual([signedIn, signedIn]);
  await one.sessions.delete({ sessionId: 'current' });
  await expect(two.me.get()).rejects.toMatchObject({ status: 401 });
  expect([one.session, two.session, await sessionStore.load()]).toEqual([undefined, undefined, undefined]);
});

test('without a store, the last client with an old refresh token ends the session of both', async () => {
  const one = createTwite({ baseUrl: server.url });
  const { session } = await one.accounts.create({ handle: 'marius', password: 'rue plumet 1832' });
  const two = createTwite({ baseUrl: server.url, session, now: nearlyEnded });
  for (let time = 0; time < 2; time++) {
    await one.sessions.refresh({ refreshToken: one.session?.refreshToken ?? '' });
  }
  await expect(two.me.get()).rejects.toMatchObject({ code: 'invalid_token' });
  await expect(one.me.get()).rejects.toMatchObject({ code: 'invalid_token' });
});
