import { mkdtemp, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRawServices, testNamespaces } from '@twite/engine-distributed/testing';
import { createTwite } from '@twite/sdk';
import { afterAll, afterEach, beforeEach, describe, expect, test } from 'vitest';
import { backUp } from './backup.ts';
import { restore } from './restore.ts';
import {
  countAll,
  differing,
  distributedEnv,
  dump,
  type Env,
  fill,
  services,
  signUp,
  start,
} from './testing/distributed-instance.ts';

describe.runIf(services !== undefined)('a backup of a distributed instance', () => {
  const namespaces = testNamespaces();
  let folder: string;
  let archive: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'twite-backup-'));
    archive = join(folder, 'twite.tar.gz');
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));
  afterAll(() => namespaces.erase());

  /** Looks as if each database were in a separate deployment: the driver distinguishes them by their URLs. */
  const apart = (env: Env): Env => {
    const own = (name: string) => `${env.TWITE_MONGODB_URL}&appName=${name}`;
    return {
      ...env,
      TWITE_MONGODB_POSTS_URL: own('posts'),
      TWITE_MONGODB_REPLIES_URL: own('replies'),
      TWITE_MONGODB_SOCIAL_URL: own('social'),
    };
  };

  test('restored into an empty namespace, it has the same data, and derived data is rebuilt', async () => {
    const [one, two] = [distributedEnv(namespaces.add()), distributedEnv(namespaces.add())];
    const server = await start(one);
    const { marius, postId, token } = await fill(server);
    await server.close();
    const { manifest, sections } = await backUp({ env: one, destination: archive });
    expect(manifest).toMatchObject({
      engine: 'distributed',
      namespace: one.TWITE_NAMESPACE,
      schemaVersion: 4,
    });
    expect(JSON.stringify(manifest)).not.toContain('mongodb://');
    expect((await stat(archive)).mode & 0o777).toBe(0o600);
    const before = await dump(one);
    expect(
      sections.filter(({ section }) => section !== 'changes').reduce((sum, { rows }) => sum + rows, 0),
    ).toBe(countAll(before));

    await restore({ env: two, source: archive, force: false });
    expect(await dump(two)).toEqual(before);

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
      // A session from before the backup, with its access token.
      const signedIn = createTwite({ baseUrl: again.url, session: marius.session });
      const made = await signedIn.posts.create({ text: 'Again' });
      expect(made.postId > postId).toBe(true);
      await again.settled();
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
      const [one, two] = [place(distributedEnv(namespaces.add())), place(distributedEnv(namespaces.add()))];
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
            // Writes that began before and were answered after may or may not be in it.
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
      await using raw = openRawServices(two.TWITE_NAMESPACE ?? '');
      const { collections } = raw;
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

  test('a namespace without an instance is not backed up', async () => {
    await expect(backUp({ env: distributedEnv(namespaces.add()), destination: archive })).rejects.toThrow(
      'there is no Twite instance in',
    );
    const away = {
      ...distributedEnv(namespaces.add()),
      TWITE_MONGODB_URL: 'mongodb://user:secret@127.0.0.1:9/?serverSelectionTimeoutMS=100',
    };
    const error = await backUp({ env: away, destination: archive }).catch((thrown: unknown) => thrown);
    expect(error).toMatchObject({ name: 'OperatorError' });
    expect((error as Error).message).toContain('MongoDB does not answer at 127.0.0.1:9');
    expect((error as Error).message).not.toContain('secret');
  });
});
