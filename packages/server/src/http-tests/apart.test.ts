import { serviceEnvironment, testNamespaces } from '@twite/engine-distributed/testing';
import { createLogger } from '@twite/process/logger';
import { openForProcess, ownConsumers, startWorkers } from '@twite/workers';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDistributed } from '../main/distributed.ts';
import { type Call, makeCall } from './client.ts';
import { join, post } from './people.ts';
import { configForTest } from './start-for-test.ts';

const environment = serviceEnvironment();
const names = ['posts', 'social', 'profile'] as const;
type Name = (typeof names)[number];

/** MongoDB's four databases under addresses of their own: to us, four deployments. */
function apart(env: Readonly<Record<string, string>>): Record<string, string> {
  const url = new URL(env.TWITE_MONGODB_URL as string);
  const under = (name: string): string => {
    url.searchParams.set('appName', name);
    return url.href;
  };
  return {
    ...env,
    TWITE_ENGINE: 'distributed',
    TWITE_MONGODB_POSTS_URL: under('posts'),
    TWITE_MONGODB_REPLIES_URL: under('replies'),
    TWITE_MONGODB_SOCIAL_URL: under('social'),
    TWITE_MONGODB_IDENTITY_URL: under('identity'),
  };
}

describe.runIf(environment !== undefined)(
  'three services, a worker and a relay apart, on four deployments',
  () => {
    const namespaces = testNamespaces();
    const running = new AsyncDisposableStack();
    const calls = {} as Record<Name, Call>;
    let settled: () => Promise<void>;

    beforeAll(async () => {
      const env = { ...apart(environment ?? {}), TWITE_NAMESPACE: namespaces.add() };
      const config = configForTest(env);
      const log = createLogger({ logLevel: 'silent' });
      const { open, ids } = await openForProcess({ config, log, relay: true, consumers: ownConsumers });
      running.use(open);
      const refuse = () => Promise.reject(new Error('workers know no passwords'));
      running.use(
        await startWorkers({
          ...open.sources,
          clock: { now: () => Date.now() },
          ids,
          passwords: { hash: refuse, verify: refuse },
          settings: config.settings,
        }),
      );
      settled = () => open.settled();
      for (const name of names) {
        const only = configForTest({ ...env, TWITE_SERVICES: name });
        calls[name] = makeCall(running.use(await startDistributed(only, { withWorkers: false })).url);
      }
    }, 180_000);
    afterAll(() => running.disposeAsync());
    afterAll(() => namespaces.erase(), 60_000);

    const homeOf = async (token: string) =>
      (await calls.social('getHomeTimeline', { token })).body.items.map(
        ({ postId }: { postId: string }) => postId,
      );

    test('each serves its own operations alone, and together they are the product', async () => {
      const [ann, bob] = [await join(calls.profile, 'ann'), await join(calls.profile, 'bob')];
      await calls.social('followAccount', { token: bob.token, path: { accountId: ann.accountId } });
      const postId = await post(calls.posts, ann, 'Hello from #apart');
      await calls.posts('createReply', { token: bob.token, path: { postId }, body: { text: 'And back' } });
      await calls.posts('likePost', { token: bob.token, path: { postId } });
      await settled();
      expect(await homeOf(bob.token)).toEqual([postId]);
      const found = await calls.social('searchPosts', { query: { q: '#apart' } });
      expect(found.body.items).toMatchObject([{ postId, likeCount: 1, replyCount: 1 }]);
      expect((await calls.profile('getAccount', { path: { accountId: ann.accountId } })).body.counts).toEqual(
        {
          posts: 1,
          followers: 1,
          following: 0,
        },
      );
      await expect(calls.profile('getPost', { path: { postId } })).rejects.toThrow(/not_found/);
    });

    test('what one server did, the caches of the others do not hide', async () => {
      const [ann, bob] = [await join(calls.profile, 'ann'), await join(calls.profile, 'bob')];
      const postId = await post(calls.posts, ann, 'Seen by Bob');
      const seen = async () => (await calls.posts('getPost', { token: bob.token, path: { postId } })).status;
      expect(await seen()).toBe(200);
      const path = { accountId: bob.accountId };
      await calls.social('blockAccount', { token: ann.token, path });
      await expect.poll(seen, { interval: 1 }).toBe(404);
      await calls.social('unblockAccount', { token: ann.token, path });
      await expect.poll(seen, { interval: 1 }).toBe(200);

      expect((await calls.social('listMutes', { token: bob.token })).status).toBe(200);
      await calls.profile('deleteSession', { token: bob.token, path: { sessionId: bob.sessionId } });
      const status = async () => (await calls.social('listMutes', { token: bob.token })).status;
      await expect.poll(status, { interval: 1 }).toBe(401);
    });
  },
);
