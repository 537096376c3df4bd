import { createReadStream } from 'node:fs';
import { mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import {
  openRawServices,
  type RawServices,
  serviceEnvironment,
  testNamespaces,
} from '@twite/engine-distributed/testing';
import { loadConfig } from '@twite/process/config/load-config';
import { createTwite, type Twite } from '@twite/sdk';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { backUp } from './backup.ts';
import { startDistributed } from './distributed.ts';
import { verifyDerived } from './maintenance.ts';
import { restore } from './restore.ts';
import type { RunningServer } from './serve.ts';

const services = serviceEnvironment();
const password = 'rue plumet 1832';

type Env = Readonly<Record<string, string>>;

/** What every collection of an instance holds, but for what is about processes. */
async function dump({ collections }: RawServices): Promise<Record<string, unknown[]>> {
  const { processes, relays, queueProgress, ...kept } = collections;
  const found: Record<string, unknown[]> = {};
  for (const [name, collection] of Object.entries(kept)) {
    const exact = { promoteValues: false, promoteLongs: false, promoteBuffers: false };
    const sorted = (collection as typeof collections.posts).find({}, exact).sort({ _id: 1 });
    found[name] = await sorted.toArray();
  }
  return found;
}

const countAll = (found: Record<string, unknown[]>): number =>
  Object.values(found).reduce((sum, { length }) => sum + length, 0);

describe.runIf(services !== undefined)('a distributed instance', () => {
  const namespaces = testNamespaces();
  let stack: AsyncDisposableStack;
  let folder: string;
  let archive: string;
  beforeEach(async () => {
    stack = new AsyncDisposableStack();
    folder = await mkdtemp(join(tmpdir(), 'twite-backup-'));
    archive = join(folder, 'twite.tar.gz');
    stack.defer(() => rm(folder, { recursive: true, force: true }));
  });
  afterEach(() => stack.disposeAsync());
  afterAll(() => namespaces.erase());

  const newEnv = (): Env => ({
    ...services,
    TWITE_ENGINE: 'distributed',
    TWITE_NAMESPACE: namespaces.add(),
    TWITE_PORT: '0',
    TWITE_METRICS_PORT: 'off',
    TWITE_LOG_LEVEL: 'silent',
    TWITE_RATE_LIMITS: 'off',
  });
  /** The same as if each database were in a deployment of its own: the driver tells them apart by their URLs. */
  const apart = (env: Env): Env => {
    const own = (name: string) => `${env.TWITE_MONGODB_URL}&appName=${name}`;
    return {
      ...env,
      TWITE_MONGODB_POSTS_URL: own('posts'),
      TWITE_MONGODB_REPLIES_URL: own('replies'),
      TWITE_MONGODB_SOCIAL_URL: own('social'),
    };
  };
  const start = (env: Env): Promise<RunningServer> =>
    startDistributed(loadConfig(env), { withWorkers: true });
  const rawOf = (env: Env): RawServices => stack.use(openRawServices(env.TWITE_NAMESPACE ?? ''));

  async function signUp({ url }: RunningServer, handle: string): Promise<Twite & { accountId: string }> {
    const twite = createTwite({ baseUrl: url });
    const { account } = await twite.accounts.create({ handle, password });
    return { ...twite, accountId: account.accountId };
  }

  /** People and what they wrote, of every kind. */
  async function fill(server: RunningServer) {
    const cosette = await signUp(server, 'cosette');
    const marius = await signUp(server, 'marius');
    const javert = await signUp(server, 'javert');
    const { postId } = await cosette.posts.create({ text: 'In the #garden' });
    const gone = await cosette.posts.create({ text: 'He is not my father' });
    await cosette.posts.delete({ postId: gone.postId });
    await marius.accounts.follow({ accountId: cosette.accountId });
    await javert.accounts.follow({ accountId: cosette.accountId });
    await javert.accounts.unfollow({ accountId: cosette.accountId });
    await marius.posts.like({ postId });
    const { replyId } = await marius.replies.create({ postId, text: 'I saw you' });
    await cosette.replies.like({ replyId });
    await marius.accounts.block({ accountId: javert.accountId });
    await cosette.accounts.mute({ accountId: javert.accountId });
    const token = await marius.tokens.create({ name: 'script', scopes: ['read'] });
    await server.settled();
    return { cosette, marius, postId, token: token.secret };
  }

  const differing = async (env: Env) =>
    (await verifyDerived(env)).filter(({ differences }) => differences > 0);

  test('restored into an empty namespace it holds the same, and everything derived is built again', async () => {
    const [one, two] = [newEnv(), newEnv()];
    const server = await start(one);
    const { marius, postId, token } = await fill(server);
    await server.close();
    const { manifest, sections } = await backUp({ env: one, destination: archive });
    expect(manifest).toMatchObject({
      engine: 'distributed',
      namespace: one.TWITE_NAMESPACE,
      schemaVersion: 2,
    });
    expect(JSON.stringify(manifest)).not.toContain('mongodb://');
    expect((await stat(archive)).mode & 0o777).toBe(0o600);
    const before = await dump(rawOf(one));
    expect(
      sections.filter(({ section }) => section !== 'changes').reduce((sum, { rows }) => sum + rows, 0),
    ).toBe(countAll(before));

    await restore({ env: two, source: archive, force: false });
    expect(await dump(rawOf(two))).toEqual(before);

    const again = await start(two);
    try {
      const twite = createTwite({ baseUrl: again.url, token });
      await again.settled();
      const [post] = (await twite.timelines.home()).items;
      expect(post).toMatchObject({
        postId,
        text: 'In the #garden',
        likeCount: 1,
        replyCount: 1,
        liked: true,
      });
      expect((await twite.search.posts({ q: '#garden' })).items).toHaveLength(1);
      // A session of before the backup, with its access token.
      const signedIn = createTwite({ baseUrl: again.url, session: marius.session });
      const made = await signedIn.posts.create({ text: 'Again' });
      expect(made.postId > postId).toBe(true);
    } finally {
      await again.close();
    }
    expect(await differing(two)).toEqual([]);
  });

  test.each([
    ['one deployment', (env: Env) => env],
    ['four deployments', apart],
  ])(
    'a backup under load has all that was answered before it and nothing after it: %s',
    async (_what, place) => {
      const [one, two] = [place(newEnv()), place(newEnv())];
      const server = await start(one);
      const before: string[] = [];
      const after: string[] = [];
      let isStopped = false;
      const load: Promise<void>[] = [];
      try {
        const people: Awaited<ReturnType<typeof signUp>>[] = [];
        for (let index = 0; index < 4; index++) people.push(await signUp(server, `person${index}`));
        let answered = before;
        const write = async (twite: (typeof people)[number], other: (typeof people)[number]) => {
          for (let round = 0; !isStopped; round++) {
            const list = answered;
            const { postId } = await twite.posts.create({ text: 'x'.repeat(200) });
            const { replyId } = await other.replies.create({ postId, text: 'Yes' });
            await other.posts.like({ postId });
            await twite.replies.like({ replyId });
            await twite.accounts.follow({ accountId: other.accountId });
            await twite.me.update({ bio: `after ${postId}` });
            await twite.accounts.unfollow({ accountId: other.accountId });
            if (round % 3 === 2) await twite.posts.delete({ postId });
            // What was begun before and answered after may be in it or not.
            else if (list === answered) list.push(postId);
          }
        };
        for (const [index, twite] of people.entries()) {
          load.push(write(twite, people[(index + 1) % people.length] ?? twite));
        }
        await expect.poll(() => before.length).toBeGreaterThan(8);
        answered = [];
        const { sections } = await backUp({ env: one, destination: archive });
        answered = after;
        // Otherwise this would show nothing.
        expect(sections.find(({ section }) => section === 'changes')?.rows).toBeGreaterThan(0);
        await expect.poll(() => after.length).toBeGreaterThan(2);
      } finally {
        isStopped = true;
        await Promise.allSettled(load);
        await server.close();
      }

      await restore({ env: two, source: archive, force: false });
      const { collections } = rawOf(two);
      const ids = async (name: 'posts' | 'replies' | 'accounts') =>
        new Set(
          (await (collections[name] as typeof collections.posts).find({}).toArray()).map(({ _id }) => _id),
        );
      const [postIds, replyIds, accountIds] = [
        await ids('posts'),
        await ids('replies'),
        await ids('accounts'),
      ];
      expect(before.filter((postId) => !postIds.has(postId))).toEqual([]);
      expect(after.filter((postId) => postIds.has(postId))).toEqual([]);
      for (const { postId, authorId } of await collections.replies.find({}).toArray())
        expect(postIds.has(postId) && accountIds.has(authorId)).toBe(true);
      for (const { kind, subjectId } of await collections.likes.find({}).toArray())
        expect((kind === 'post' ? postIds : replyIds).has(subjectId)).toBe(true);
      for (const { followeeId } of await collections.follows.find({}).toArray())
        expect(accountIds.has(followeeId)).toBe(true);

      const again = await start(two);
      await again.settled();
      await again.close();
      expect(await differing(two)).toEqual([]);
    },
  );

  describe('in the way of a restore', () => {
    let env: Env;
    let whole: string;
    let keep: string;
    beforeAll(async () => {
      keep = await mkdtemp(join(tmpdir(), 'twite-kept-'));
      whole = join(keep, 'twite.tar.gz');
      env = newEnv();
      const server = await start(env);
      await fill(server);
      await server.close();
      await backUp({ env, destination: whole });
    });
    afterAll(() => rm(keep, { recursive: true, force: true }));

    test('data is kept unless it is forced, and then nothing of it is left anywhere', async () => {
      const target = newEnv();
      const server = await start(target);
      const valjean = await signUp(server, 'valjean');
      await valjean.posts.create({ text: 'Number #24601' });
      await valjean.timelines.home();
      await server.settled();
      const into = (force: boolean) => restore({ env: target, source: whole, force });
      await expect(into(true)).rejects.toThrow(
        /^1 process of the instance runs .*: stop servers, workers and relays/,
      );
      await server.close();
      await expect(into(false)).rejects.toThrow('the target holds data already');
      await into(true);
      expect(await dump(rawOf(target))).toEqual(await dump(rawOf(env)));
      const again = await start(target);
      await again.settled();
      const twite = createTwite({ baseUrl: again.url });
      await twite.sessions.create({ handle: 'marius', password });
      expect((await twite.search.posts({ q: '#24601' })).items).toEqual([]);
      await again.close();
      expect(await differing(target)).toEqual([]);
    });

    test('no server starts on half a restore, which is begun again', async () => {
      const target = newEnv();
      const wrong = join(folder, 'wrong.tar.gz');
      const tar = gunzipSync(await readFile(whole));
      const digit = tar.indexOf('"sha256": "') + '"sha256": "'.length;
      tar[digit] = tar[digit] === 0x30 ? 0x31 : 0x30;
      await writeFile(wrong, gzipSync(tar));
      // As from standard input, which cannot be checked before.
      const stdin = Object.getOwnPropertyDescriptor(process, 'stdin') as PropertyDescriptor;
      Object.defineProperty(process, 'stdin', { ...stdin, get: () => createReadStream(wrong) });
      try {
        await expect(restore({ env: target, source: '-', force: false })).rejects.toThrow('the checksum of');
      } finally {
        Object.defineProperty(process, 'stdin', stdin);
      }
      expect(countAll(await dump(rawOf(target)))).toBeGreaterThan(0);
      await expect(start(target)).rejects.toThrow('`twite restore` is under way, or was interrupted');
      await expect(backUp({ env: target, destination: archive })).rejects.toThrow(
        'the databases are incomplete',
      );
      await restore({ env: target, source: whole, force: false });
      expect(await dump(rawOf(target))).toEqual(await dump(rawOf(env)));
    });

    test('an instance whose clock is behind gives ids above all that were restored', async () => {
      const target = newEnv();
      await restore({ env: target, source: whole, force: false });
      const clock = { now: () => Date.parse('2020-01-01') };
      await using server = await startDistributed(loadConfig(target), { clock, withWorkers: false });
      const known = Object.values(await dump(rawOf(target)))
        .flat()
        .map((document) => String((document as { _id: unknown })._id))
        .filter((id) => /^\d{19}$/.test(id));
      const made = server.deps.ids.next();
      expect(known.filter((id) => id >= made)).toEqual([]);
    });

    test('a store that keeps what was derived from other data has to answer', async () => {
      const target = { ...newEnv(), TWITE_NEO4J_URL: 'bolt://127.0.0.1:9' };
      await expect(restore({ env: target, source: whole, force: false })).rejects.toThrow(
        /^Neo4j does not answer at 127\.0\.0\.1:9/,
      );
      expect(countAll(await dump(rawOf(target)))).toBe(0);
    });

    test('an archive of another engine is refused', async () => {
      const embedded = { TWITE_DATA_DIR: join(folder, 'data') };
      await expect(restore({ env: embedded, source: whole, force: true })).rejects.toThrow(
        'the archive is of the distributed engine',
      );
    });
  });

  test('a namespace without an instance is not backed up', async () => {
    await expect(backUp({ env: newEnv(), destination: archive })).rejects.toThrow(
      'there is no Twite instance in',
    );
    const away = {
      ...newEnv(),
      TWITE_MONGODB_URL: 'mongodb://user:secret@127.0.0.1:9/?serverSelectionTimeoutMS=100',
    };
    const error = await backUp({ env: away, destination: archive }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'OperatorError' });
    expect((error as Error).message).toContain('MongoDB does not answer at 127.0.0.1:9');
    expect((error as Error).message).not.toContain('secret');
  });
});
