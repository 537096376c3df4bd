import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defaultSettings } from '@twite/core/engine';
import { createIdGenerator } from '@twite/core/ids/ids';
import { openRawServices, serviceEnvironment, testNamespaces } from '@twite/engine-distributed/testing';
import { openEmbeddedEngine } from '@twite/engine-embedded';
import { loadConfig } from '@twite/process/config/load-config';
import { createTwite, type Twite } from '@twite/sdk';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startDistributed } from './distributed.ts';
import { startEmbedded } from './embedded.ts';
import { grantAdmin } from './grant-admin.ts';
import { verifyDerived } from './maintenance.ts';
import { move } from './move.ts';
import type { RunningServer } from './serve.ts';

const services = serviceEnvironment();
const password = 'rue plumet 1832';

type Session = NonNullable<Twite['session']>;

/** Everything that one account sees, using its earlier session. */
async function seenBy(url: string, session: Session, subjects: Subjects) {
  const twite = createTwite({ baseUrl: url, session });
  const orCode = (answer: Promise<unknown>) => answer.catch((error: { code?: string }) => error.code);
  const of = async (accountId: string) => ({
    account: await orCode(twite.accounts.get({ accountId })),
    posts: await orCode(twite.accounts.listPosts({ accountId })),
    likes: await orCode(twite.accounts.listLikes({ accountId })),
    followers: await orCode(twite.accounts.listFollowers({ accountId })),
    following: await orCode(twite.accounts.listFollowing({ accountId })),
  });
  return {
    me: await twite.me.get(),
    home: await twite.timelines.home(),
    blocks: await twite.accounts.listBlocks(),
    mutes: await twite.accounts.listMutes(),
    sessions: await twite.sessions.list(),
    tokens: await twite.tokens.list(),
    accounts: await Promise.all(subjects.accountIds.map(of)),
    posts: await Promise.all(
      subjects.postIds.map(async (postId) => ({
        post: await orCode(twite.posts.get({ postId })),
        replies: await orCode(twite.replies.list({ postId })),
        likes: await orCode(twite.posts.listLikes({ postId })),
      })),
    ),
    found: await twite.search.posts({ q: '#garden' }),
  };
}

interface Subjects {
  readonly accountIds: readonly string[];
  readonly postIds: readonly string[];
}

describe.runIf(services !== undefined)('an embedded instance that is moved', () => {
  const namespaces = testNamespaces();
  let folder: string;
  let dataDir: string;
  let server: RunningServer;
  const base = {
    TWITE_PORT: '0',
    TWITE_METRICS_PORT: 'off',
    TWITE_LOG_LEVEL: 'silent',
    TWITE_RATE_LIMITS: 'off',
  };
  const sessions: Session[] = [];
  const accountIds: string[] = [];
  const postIds: string[] = [];
  let before: unknown[];
  let audited: unknown;
  let admin: Session;
  let retried: unknown;
  const target = { ...services, ...base, TWITE_ENGINE: 'distributed', TWITE_NAMESPACE: '' };

  const retry = async (url: string) => {
    const response = await fetch(`${url}/v1/posts`, {
      method: 'POST',
      headers: {
        authorization: `Bearer ${sessions[0]?.accessToken}`,
        'content-type': 'application/json',
        'idempotency-key': 'the-first-garden-post',
      },
      body: JSON.stringify({ text: 'In the #garden' }),
    });
    return { status: response.status, body: await response.json() };
  };

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'twite-move-'));
    dataDir = join(folder, 'data');
    server = await startEmbedded(loadConfig({ ...base, TWITE_DATA_DIR: dataDir }));
    const people: Twite[] = [];
    for (const handle of ['cosette', 'marius', 'javert', 'thenardier', 'fantine']) {
      const twite = createTwite({ baseUrl: server.url });
      const { account } = await twite.accounts.create({ handle, password });
      people.push(twite);
      accountIds.push(account.accountId);
      sessions.push(twite.session as Session);
    }
    const [cosette, marius, javert, thenardier, fantine] = people as [Twite, Twite, Twite, Twite, Twite];
    const [ofCosette = '', ofMarius = '', ofJavert = '', ofThenardier = ''] = accountIds;
    admin = sessions[2] as Session;
    await grantAdmin({ dataDir, handle: 'javert' });
    retried = await retry(server.url);
    expect(retried).toMatchObject({ status: 201 });
    postIds.push((retried as { body: { postId: string } }).body.postId);
    postIds.push((await cosette.posts.create({ text: 'For friends', visibility: 'followers' })).postId);
    postIds.push((await fantine.posts.create({ text: 'I dreamed a #dream' })).postId);
    const gone = await marius.posts.create({ text: 'Gone' });
    await marius.posts.delete({ postId: gone.postId });
    postIds.push(gone.postId);
    for (const follower of [marius, javert, thenardier, fantine])
      await follower.accounts.follow({ accountId: ofCosette });
    await cosette.accounts.follow({ accountId: ofMarius });
    await marius.accounts.block({ accountId: ofThenardier });
    await cosette.accounts.mute({ accountId: ofJavert });
    const [first = ''] = postIds;
    for (const liker of [marius, thenardier, fantine]) await liker.posts.like({ postId: first });
    const { replyId } = await marius.replies.create({ postId: first, text: 'I saw you' });
    await thenardier.replies.create({ postId: first, text: 'Money!' });
    await cosette.replies.like({ replyId });
    await marius.tokens.create({ password, name: 'script', scopes: ['read'] });
    await cosette.me.update({ displayName: 'Euphrasie', bio: 'of the rue Plumet' });
    await javert.admin.suspendAccount({ accountId: ofThenardier, reason: 'theft' });
    await fantine.me.delete({ password });
    // No handler exists for it: it is parked.
    await server.deps.jobs.enqueue([{ name: 'turnLeadIntoGold' }] as never);
    await server.deps.jobs.enqueue([{ name: 'purgePost', postId: first }], {
      runAt: Date.now() + 86_400_000,
    });
    await server.settled();
    before = await Promise.all(
      [0, 1, 2].map((index) => seenBy(server.url, sessions[index] as Session, { accountIds, postIds })),
    );
    const asAdmin = createTwite({ baseUrl: server.url, session: admin });
    audited = [
      await asAdmin.admin.listAuditLog(),
      await asAdmin.admin.getStats(),
      await asAdmin.admin.listAccounts(),
    ];
    target.TWITE_NAMESPACE = namespaces.add();
  });
  afterAll(async () => {
    await server?.close();
    await namespaces.erase();
    await rm(folder, { recursive: true, force: true });
  });

  /** A post deleted a moment before the server stopped: its reply is still to be erased. */
  async function leaveWork(): Promise<void> {
    const clock = { now: () => Date.now() };
    await using open = await openEmbeddedEngine({ location: dataDir, clock, settings: defaultSettings });
    const { posts, replies } = open.engine;
    const ids = createIdGenerator({ clock, machine: 1, after: open.newestId() });
    const [authorId = ''] = accountIds;
    const written = {
      authorId,
      text: 'Oops',
      media: [],
      entities: { mentions: [], hashtags: [], urls: [] },
      createdAt: clock.now(),
    };
    const postId = ids.next();
    await posts.insert({ ...written, postId, visibility: 'public' });
    await replies.insert({ ...written, replyId: ids.next(), postId, parentReplyId: null });
    await posts.delete(postId);
  }

  test('is refused while its server runs, and if there is none', async () => {
    await expect(move({ dataDir, env: target })).rejects.toThrow('is in use by another Twite server');
    await expect(move({ dataDir: join(folder, 'none'), env: target })).rejects.toThrow(
      'there is no Twite database in',
    );
  });

  test('can be repeated after an interruption, and no server starts before that', async () => {
    await server.close();
    await leaveWork();
    const interrupted = move({
      dataDir,
      env: target,
      onProgress(kind) {
        if (kind === 'posts') throw new Error('the power failed');
      },
    });
    await expect(interrupted).rejects.toThrow('the power failed');
    await expect(startDistributed(loadConfig(target), { withWorkers: true })).rejects.toThrow(
      '`twite move` is under way, or was interrupted',
    );
    expect(await move({ dataDir, env: target })).toMatchObject({
      accounts: 5,
      posts: 2,
      replies: 2,
      parkedMessages: 1,
      scheduledJobs: 1,
    });
    await expect(move({ dataDir, env: target })).rejects.toThrow('already has data');
  });

  test('shows everyone the same data in their existing sessions, and derived data is built', async () => {
    const moved = await startDistributed(loadConfig(target), { withWorkers: true });
    try {
      await moved.settled();
      for (const [index, seen] of before.entries()) {
        expect(await seenBy(moved.url, sessions[index] as Session, { accountIds, postIds })).toEqual(seen);
      }
      const asAdmin = createTwite({ baseUrl: moved.url, session: admin });
      expect([
        await asAdmin.admin.listAuditLog(),
        await asAdmin.admin.getStats(),
        await asAdmin.admin.listAccounts(),
      ]).toEqual(audited);
      expect((await asAdmin.admin.listParkedMessages({ queue: 'jobs.reconcile' })).items).toHaveLength(1);
      // The earlier answer, and not a second post.
      expect(await retry(moved.url)).toEqual(retried);
      await createTwite({ baseUrl: moved.url }).sessions.create({ handle: 'Marius', password });
      const { postId } = await createTwite({
        baseUrl: moved.url,
        session: sessions[1] as Session,
      }).posts.create({
        text: 'From the other side',
      });
      expect(postIds.every((older) => older < postId)).toBe(true);
      await moved.settled();
    } finally {
      await moved.close();
    }
    expect((await verifyDerived(target)).filter(({ differences }) => differences > 0)).toEqual([]);
    await using raw = openRawServices(target.TWITE_NAMESPACE);
    expect(await raw.collections.accounts.countDocuments({ passwordHash: { $exists: true } })).toBe(4);
  });
});
