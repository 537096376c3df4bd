import {
  openTcpProxy,
  serviceEnvironment,
  type TcpProxy,
  testNamespaces,
} from '@twite/engine-distributed/testing';
import { describeProcess } from '@twite/process/describe-process';
import { createLogger } from '@twite/process/logger';
import { sharedWorkFolder } from '@twite/process/work-folder';
import { everyConsumer, openForProcess, ownConsumers, startWorkers } from '@twite/workers';
import { createMediaProcessor } from '@twite/workers/media';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDistributed } from '../main/distributed.ts';
import { grantAdmin } from '../main/grant-admin.ts';
import { aForm, aPng } from './a-png.ts';
import { type Call, makeCall } from './client.ts';
import { join, type Person, post } from './people.ts';
import { configForTest } from './start-for-test.ts';

const environment = serviceEnvironment();
const names = ['posts', 'social', 'profile'] as const;
type Name = (typeof names)[number];
const databases = ['posts', 'replies', 'social', 'identity'] as const;
type DatabaseName = (typeof databases)[number];

/** MongoDB's four databases under different addresses: Twite sees four deployments. */
const apart = (
  env: Readonly<Record<string, string>>,
  { posts, replies, social, identity }: Readonly<Record<DatabaseName, TcpProxy>>,
): Record<string, string> => ({
  ...env,
  TWITE_ENGINE: 'distributed',
  TWITE_MONGODB_POSTS_URL: posts.url,
  TWITE_MONGODB_REPLIES_URL: replies.url,
  TWITE_MONGODB_SOCIAL_URL: social.url,
  TWITE_MONGODB_IDENTITY_URL: identity.url,
});

/** The status of an instance, as far as these tests check it. */
interface ToldStatus {
  readonly dependencies: readonly { readonly name: string; readonly state: string }[];
  readonly degraded: readonly string[];
  readonly processes: readonly (Pick<ToldStatus, 'dependencies'> & {
    readonly role: string;
    readonly host: string;
    readonly services: readonly string[];
    readonly consumers: readonly string[];
  })[];
}

/** The environment without the addresses of services that only other processes use. */
function without(env: Readonly<Record<string, string>>, ...services: string[]): Record<string, string> {
  const left = Object.entries(env).filter(([name]) => !services.includes(name));
  return Object.fromEntries(left);
}

describe.runIf(environment !== undefined)(
  'three services, a worker and a relay apart, on four deployments',
  () => {
    const namespaces = testNamespaces();
    const running = new AsyncDisposableStack();
    const calls = {} as Record<Name, Call>;
    const urls = {} as Record<Name, string>;
    const proxies = {} as Record<DatabaseName, TcpProxy>;
    let objects: TcpProxy;
    let onlyTheirs: Record<Name, Record<string, string>>;
    let admin: Person;
    let settled: () => Promise<void>;

    beforeAll(async () => {
      for (const name of databases)
        proxies[name] = running.use(await openTcpProxy(environment?.TWITE_MONGODB_URL ?? ''));
      objects = running.use(await openTcpProxy(environment?.TWITE_S3_URL ?? ''));
      const env = { ...apart(environment ?? {}, proxies), TWITE_NAMESPACE: namespaces.add() };
      onlyTheirs = {
        posts: {
          ...without(env, 'TWITE_RABBITMQ_URL', 'TWITE_ELASTICSEARCH_URL', 'TWITE_NEO4J_URL'),
          TWITE_S3_URL: objects.url,
        },
        social: without(env, 'TWITE_RABBITMQ_URL', 'TWITE_NEO4J_URL', 'TWITE_S3_URL'),
        profile: without(env, 'TWITE_ELASTICSEARCH_URL', 'TWITE_S3_URL'),
      };
      const config = configForTest(env);
      const log = createLogger({ logLevel: 'silent' });
      const { open, ids } = await openForProcess({
        config,
        log,
        description: describeProcess('worker', { consumers: everyConsumer }),
        relay: true,
        consumers: ownConsumers,
      });
      running.use(open);
      running.use(
        await startWorkers({
          ...open.uncached,
          clock: { now: () => Date.now() },
          ids,
          mediaProcessor: running.use(
            createMediaProcessor({ limits: config.settings.media, folder: sharedWorkFolder }),
          ),
          settings: config.settings,
        }),
      );
      settled = () => open.settled();
      for (const name of names) {
        const only = configForTest({ ...onlyTheirs[name], TWITE_SERVICES: name }, { kind: 'server' });
        urls[name] = running.use(await startDistributed(only, { withWorkers: false })).url;
        calls[name] = makeCall(urls[name]);
      }
      admin = await join(calls.profile, 'admin');
      await grantAdmin({ dataDir: '', handle: admin.handle, env: onlyTheirs.posts });
    }, 180_000);
    afterAll(() => running.disposeAsync());
    afterAll(() => namespaces.erase(), 60_000);

    const homeOf = async (token: string) =>
      (await calls.social('getHomeTimeline', { token })).body.items.map(
        ({ postId }: { postId: string }) => postId,
      );

    test('each serves only its own operations, and together they serve all', async () => {
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

    test('each process only has the addresses that its services use', async () => {
      expect(
        Object.keys(onlyTheirs.posts)
          .filter((name) => name.endsWith('_URL'))
          .sort(),
      ).toEqual([
        'TWITE_MONGODB_IDENTITY_URL',
        'TWITE_MONGODB_POSTS_URL',
        'TWITE_MONGODB_REPLIES_URL',
        'TWITE_MONGODB_SOCIAL_URL',
        'TWITE_MONGODB_URL',
        'TWITE_REDIS_URL',
        'TWITE_S3_URL',
      ]);
      const used = async () =>
        (await statusOf()).processes.map(({ role, services, dependencies }) => [
          role,
          services,
          namesOf(dependencies).filter((name) => !everyones.includes(name)),
        ]);
      await expect
        .poll(async () => (await used()).sort())
        .toEqual([
          ['server', ['posts'], ['objects']],
          ['server', ['profile'], ['rabbitmq', 'neo4j']],
          ['server', ['social'], ['elasticsearch']],
          ['worker', [], ['rabbitmq', 'elasticsearch', 'neo4j', 'objects']],
        ]);
    });

    const everyones: readonly string[] = [
      ...databases.map((name) => `mongodb-${name}`),
      'redis',
      'redis-limits',
    ];
    const statusOf = async (): Promise<ToldStatus> =>
      (await calls.profile('getStatus', { token: admin.token })).body;
    const namesOf = (dependencies: ToldStatus['dependencies']) => dependencies.map(({ name }) => name);
    const away = async () => namesOf((await statusOf()).dependencies.filter(({ state }) => state !== 'up'));

    test('the status covers the whole instance on every server', async () => {
      const all = [...everyones, 'rabbitmq', 'elasticsearch', 'neo4j', 'objects'];
      await expect.poll(async () => namesOf((await statusOf()).dependencies)).toEqual(all);
      await expect.poll(away).toEqual([]);
      const { processes, degraded } = await statusOf();
      expect(degraded).toEqual([]);
      expect(processes.find(({ role }) => role === 'worker')?.consumers).toEqual(everyConsumer);
    });

    test('the status shows an outage of the object store, even on a server that does not use it', async () => {
      const ann = await join(calls.profile, 'ann');
      const send = async () =>
        (
          await fetch(`${urls.posts}/v1/media`, {
            method: 'POST',
            headers: { authorization: `Bearer ${ann.token}` },
            body: aForm(aPng(10, 10)),
          })
        ).status;
      expect(await send()).toBe(201);
      objects.break();
      expect(await send()).toBe(503);
      await expect.poll(away).toEqual(['objects']);
      const { processes, degraded } = await statusOf();
      const blind = processes.filter(({ dependencies }) => dependencies.some(({ state }) => state !== 'up'));
      expect(blind).toMatchObject([{ role: 'server', services: ['posts'] }]);
      expect(degraded).toEqual([
        expect.stringContaining(`Only 1 of 2 processes see this: server ${blind[0]?.host}.`),
      ]);
      expect((await fetch(`${urls.posts}/readyz`)).status).toBe(200);
      await post(calls.posts, ann, 'Text is taken');
      objects.mend();
      await expect.poll(away).toEqual([]);
      await expect.poll(send).toBe(201);
    });

    test('the outage of a deployment only affects the readiness of servers that cannot work without it', async () => {
      const [ann] = [await join(calls.profile, 'reader')];
      const postId = await post(calls.posts, ann, 'Written before the outage');
      const ready = async () =>
        Object.fromEntries(
          await Promise.all(
            names.map(async (name) => [name, (await fetch(`${urls[name]}/readyz`)).status] as const),
          ),
        );
      expect(await ready()).toEqual({ posts: 200, social: 200, profile: 200 });
      const { posts: proxy, replies: other } = proxies;
      other.break();
      expect(await ready()).toEqual({ posts: 200, social: 200, profile: 200 });
      other.mend();
      proxy.break();
      await expect.poll(ready).toEqual({ posts: 503, social: 200, profile: 200 });
      const refused = await fetch(`${urls.posts}/v1/posts`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${ann.token}` },
        body: JSON.stringify({ text: 'Not now' }),
      });
      expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '5']);
      expect((await calls.profile('getMe', { token: ann.token })).status).toBe(200);
      proxy.mend();
      await expect.poll(ready).toEqual({ posts: 200, social: 200, profile: 200 });
      const seen = async () => (await fetch(`${urls.posts}/v1/posts/${postId}`)).status;
      await expect.poll(seen).toBe(200);
    });

    test('caches of other servers do not hide a change', async () => {
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
