import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { contractLimits } from '@twite/contract';
import { createAccount } from '@twite/core/accounts/create-account';
import { deleteAccount } from '@twite/core/accounts/delete-account';
import { updateMe } from '@twite/core/accounts/update-me';
import { type Deps, defaultSettings } from '@twite/core/engine';
import { createIdGenerator } from '@twite/core/ids/ids';
import { compareObjects } from '@twite/core/media/compare-media';
import { mediaUrlFrom } from '@twite/core/media/present-media';
import { createSession } from '@twite/core/sessions/create-session';
import { parseText } from '@twite/core/text/parse-text';
import { getHomeTimeline } from '@twite/core/timelines/get-home-timeline';
import { createTimelineRebuilds } from '@twite/core/timelines/timeline-rebuilds';
import { openEmbeddedEngine } from '@twite/engine-embedded';
import { startWorkers } from '@twite/workers';
import { createMediaProcessor } from '@twite/workers/media';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { createPasswordHasher } from '../passwords/create-password-hasher.ts';
import { displayNames } from './characters.ts';
import { conversations } from './conversations.ts';
import { coappearances } from './les-miserables.ts';
import { completeDemo, offerDemo } from './offer-demo.ts';
import { drawAvatar } from './pictures/draw-avatar.ts';
import { openPictureUploader } from './pictures/upload-picture.ts';
import { planDemo } from './plan-demo.ts';
import { readablePassword } from './readable-password.ts';

let stack: AsyncDisposableStack;
let dataDir: string;

beforeEach(async () => {
  stack = new AsyncDisposableStack();
  dataDir = await mkdtemp(join(tmpdir(), 'twite-demo-'));
  stack.defer(() => rm(dataDir, { recursive: true, force: true }));
});
afterEach(() => stack.disposeAsync());

async function open(): Promise<{ deps: Deps; settled(): Promise<void> }> {
  const clock = { now: () => Date.now() };
  const opened = stack.use(
    await openEmbeddedEngine({ location: ':memory:', clock, settings: defaultSettings }),
  );
  const passwords = stack.use(createPasswordHasher());
  const ids = createIdGenerator({ clock, machine: 0 });
  const mediaProcessor = stack.use(
    createMediaProcessor({ limits: defaultSettings.media, folder: join(dataDir, 'uploads') }),
  );
  const deps = {
    ...opened.engine,
    clock,
    ids,
    passwords,
    mediaProcessor,
    mediaUrl: mediaUrlFrom('http://media.example'),
    timelineRebuilds: createTimelineRebuilds(),
    settings: defaultSettings,
  };
  stack.use(await startWorkers(deps));
  return { deps, settled: () => opened.settled() };
}

test('the graph is that of the Stanford GraphBase: 77 characters, 254 pairs', () => {
  const pairs = coappearances.map(({ a, b }) => [a, b].sort().join(' '));
  expect(new Set(pairs).size).toBe(254);
  expect(new Set(coappearances.flatMap(({ a, b }) => [a, b]))).toEqual(new Set(Object.keys(displayNames)));
  expect(Object.keys(displayNames)).toHaveLength(77);
  // Knuth counts 36 neighbours of Valjean, and 31 chapters that he shares with Cosette.
  expect(coappearances.filter(({ a, b }) => a === 'Valjean' || b === 'Valjean')).toHaveLength(36);
  expect(coappearances).toContainEqual({ a: 'Valjean', b: 'Cosette', weight: 31 });
  expect(coappearances.reduce((sum, { weight }) => sum + weight, 0)).toBe(820);
});

test('every text can be posted, and every speaker is a character', () => {
  for (const handle of Object.keys(displayNames)) expect(handle).toMatch(/^[A-Za-z0-9_]{1,30}$/);
  for (const name of Object.values(displayNames)) {
    expect([...name].length).toBeLessThanOrEqual(contractLimits.displayNameLengthMax);
  }
  for (const { by, text, replies = [] } of conversations) {
    for (const [speaker, words] of [[by, text], ...replies] as const) {
      expect(displayNames).toHaveProperty(speaker);
      const { valid, entities } = parseText(words, {
        maxWeightedLength: defaultSettings.textWeightedLengthMax,
      });
      expect(valid, words).toBe(true);
      for (const { handle } of entities.mentions) expect(displayNames).toHaveProperty(handle);
    }
  }
});

test('the plan only depends on its time, and its ids rise with its times', () => {
  const plan = planDemo(1_700_000_000_000);
  expect(planDemo(1_700_000_000_000)).toEqual(plan);
  const ids = plan.posts.map(({ postId }) => postId);
  expect(ids).toEqual([...ids].sort());
  expect(new Set([...ids, ...plan.accounts.map(({ accountId }) => accountId)]).size).toBe(54 + 77);
  const mediaIds = [
    ...plan.accounts.map(({ avatarMediaId }) => avatarMediaId),
    ...plan.posts.flatMap(({ picture }) => picture?.mediaId ?? []),
  ];
  expect(new Set(mediaIds).size).toBe(81);
  for (const { at, replies } of plan.posts) {
    for (const reply of replies) {
      expect(reply.at).toBeGreaterThan(at);
      expect(reply.at).toBeLessThan(1_700_000_000_000);
    }
  }
});

test('an empty database gets the demo once, and its password signs in', async () => {
  const { deps, settled } = await open();
  const demo = await offerDemo(deps, dataDir, { empty: false });
  expect(demo?.summary).toEqual({
    ...{ accounts: 77, follows: 508, posts: 54, replies: 63, likes: 190 },
    pictures: 4,
  });
  await complete(deps);
  await settled();
  expect(await deps.stats.count()).toMatchObject({
    accounts: 77,
    follows: 508,
    posts: 54,
    replies: 63,
    likes: 190,
  });

  const { handle = '', password = '' } = demo ?? {};
  const signedIn = await createSession(deps, { handle, password, userAgent: null });
  expect(signedIn.account).toMatchObject({ handle: 'Cosette', counts: { followers: 11, following: 11 } });
  const home = await getHomeTimeline(deps, signedIn.account.accountId, { cursor: undefined, limit: 20 });
  expect(home.items[0]?.text).toContain('Good night, @Cosette');
  expect(home.items[0]?.media).toMatchObject([
    { kind: 'image', state: 'ready', altText: 'A full moon and many stars above dark hills.' },
  ]);
  expect(home.items[0]?.author.avatar).toMatchObject({
    altText: 'Coloured circles that stand for Jean Valjean.',
  });
  await expectPictures(deps);

  expect(await offerDemo(deps, dataDir, { empty: false })).toBeUndefined();
});

const complete = (deps: Deps): Promise<void> => completeDemo(deps, dataDir, new AbortController().signal);

/** Wraps `store` so that `key` fails from the given call on. */
const failingAfter = <T extends object>(store: T, key: keyof T, calls: number): T =>
  new Proxy(store, {
    get: (target, property) => {
      if (property === key && --calls < 0) throw new Error('the power went');
      const value = Reflect.get(target, property);
      return typeof value === 'function' ? value.bind(target) : value;
    },
  });

/** Checks that every picture exists once, is kept by its owner, and that its objects are stored. */
async function expectPictures(deps: Deps): Promise<void> {
  const records = await deps.media.list({ limit: 100 });
  expect(records.map(({ state, expiresAt }) => [state, expiresAt])).toEqual(Array(81).fill(['ready', null]));
  const targets = Map.groupBy(records, ({ target }) => target?.kind);
  expect([targets.get('avatar')?.length, targets.get('post')?.length]).toEqual([77, 4]);
  expect((await compareObjects(deps).compare(undefined)).differing).toEqual([]);
}

test('a load interrupted while adding pictures is completed too', async () => {
  const { deps, settled } = await open();
  const blobs = failingAfter(deps.blobs, 'put', 10);
  await expect(offerDemo({ ...deps, blobs }, dataDir, { empty: false })).rejects.toThrow('power');
  await complete(deps);
  expect((await deps.media.list({ limit: 100 })).length).toBeLessThanOrEqual(4);
  await offerDemo(deps, dataDir, { empty: false });
  await complete(deps);
  await settled();
  await expectPictures(deps);
  expect(await deps.stats.count()).toMatchObject({ accounts: 77, posts: 54, replies: 63, likes: 190 });
});

test('the next start completes missing avatars, with the same password', async () => {
  const { deps, settled } = await open();
  const demo = await offerDemo(deps, dataDir, { empty: false });
  const blobs = failingAfter(deps.blobs, 'put', 30);
  await expect(completeDemo({ ...deps, blobs }, dataDir, new AbortController().signal)).rejects.toThrow(
    'power',
  );
  expect(await offerDemo(deps, dataDir, { empty: false })).toBeUndefined();
  await complete(deps);
  await settled();
  await expectPictures(deps);
  const { handle = '', password = '' } = demo ?? {};
  await createSession(deps, { handle, password, userAgent: null });
});

test('changes by users before an avatar was added are kept', async () => {
  const { deps, settled } = await open();
  await offerDemo(deps, dataDir, { empty: false });
  const stop = new AbortController();
  stop.abort(new Error('the server stops'));
  await expect(completeDemo(deps, dataDir, stop.signal)).rejects.toThrow('the server stops');

  const accountIdOf = async (handle: string): Promise<string> =>
    (await deps.accounts.findByHandle(handle))?.accountId ?? '';
  const cosette = await accountIdOf('Cosette');
  const mediaId = deps.ids.next();
  await using uploader = await openPictureUploader(deps);
  await uploader.upload({ mediaId, ownerId: cosette, png: drawAvatar('own', 0), altText: 'Mine.' });
  await updateMe(deps, cosette, { avatarMediaId: mediaId });
  const brevet = await accountIdOf('Brevet');
  await deleteAccount(deps, brevet);

  await complete(deps);
  await settled();
  const accounts = await deps.accounts.findMany([cosette, brevet]);
  expect(accounts.get(cosette)?.avatar).toMatchObject({ mediaId, altText: 'Mine.' });
  expect(accounts.get(brevet)).toMatchObject({ status: 'deleted', avatar: null });
  // 76 avatars, one of them Cosette's own, and the pictures of posts.
  expect((await deps.media.list({ limit: 100 })).length).toBe(80);
});

test('the next start completes an interrupted load, with a new password', async () => {
  const { deps } = await open();
  const posts = failingAfter(deps.posts, 'insert', 20);
  await expect(offerDemo({ ...deps, posts }, dataDir, { empty: false })).rejects.toThrow('power');
  const demo = await offerDemo(deps, dataDir, { empty: false });
  expect(await deps.stats.count()).toMatchObject({
    accounts: 77,
    follows: 508,
    posts: 54,
    replies: 63,
    likes: 190,
  });
  const { password = '' } = demo ?? {};
  await createSession(deps, { handle: 'Valjean', password, userAgent: null });
});

test('no demo with --empty, after it, or if there are accounts', async () => {
  const { deps } = await open();
  expect(await offerDemo(deps, dataDir, { empty: true })).toBeUndefined();
  expect(await offerDemo(deps, dataDir, { empty: false })).toBeUndefined();
  await rm(join(dataDir, 'demo.json'));
  await createAccount(deps, {
    accountId: deps.ids.next(),
    handle: 'somebody',
    password: 'not a common one',
    userAgent: null,
  });
  expect(await offerDemo(deps, dataDir, { empty: false })).toBeUndefined();
  expect((await deps.stats.count()).accounts).toBe(1);
});

test('passwords are random and readable', () => {
  const passwords = Array.from({ length: 100 }, readablePassword);
  expect(new Set(passwords).size).toBe(100);
  for (const password of passwords) expect(password).toMatch(/^(?:[a-km-np-z2-9]{4}-){6}[a-km-np-z2-9]{4}$/);
});
