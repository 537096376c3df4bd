import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join as joinPath } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import type { Deps } from '@twite/core/engine';
import { expireMedia } from '@twite/core/media/expire-media';
import type { MediaRecord, MediaSnapshot } from '@twite/core/media/media-record';
import { loadConfig } from '@twite/process/config/load-config';
import { expect, it } from 'vitest';
import { startProcesses } from '../fault-tests/processes.ts';
import { makeCall } from '../http-tests/client.ts';
import { join } from '../http-tests/people.ts';
import { startEmbedded } from '../main/embedded.ts';
import { MediaPerson, makeRandom } from './media-people.ts';

const rounds = 40;
const roundsToCheck = 10;
const answersMax = 12;
const delayMsMax = 60;
const dayMs = 24 * 3_600_000;

const keysOf = (snapshot: MediaSnapshot): string[] => [
  ...snapshot.variants.map(({ key }) => key),
  ...(snapshot.main === null ? [] : [snapshot.main.key]),
];

async function readAll(page: (before: string | undefined) => Promise<readonly string[]>): Promise<string[]> {
  const ids: string[] = [];
  for (;;) {
    const next = await page(ids.at(-1));
    if (next.length === 0) return ids;
    ids.push(...next);
  }
}

/** Everything that these accounts show. */
async function readShown(deps: Deps, accountIds: readonly string[]) {
  const posts = new Map<string, readonly MediaSnapshot[]>();
  const replies = new Map<string, readonly MediaSnapshot[]>();
  const accounts = await deps.accounts.findMany(accountIds);
  for (const authorId of accountIds) {
    const postIds = await readAll((before) =>
      deps.posts.listByAuthor(authorId, { before, limit: 100, visibility: 'all' }),
    );
    for (const { postId, media } of (await deps.posts.findMany(postIds)).values()) posts.set(postId, media);
    const replyIds = await deps.replies.listByAuthor(authorId, { limit: 1_000 });
    for (const { replyId, media } of (await deps.replies.findMany(replyIds)).values())
      replies.set(replyId, media);
  }
  const holds = ({ mediaId, target }: MediaRecord): boolean => {
    const has = (media: readonly (MediaSnapshot | null)[] = []) =>
      media.some((each) => each?.mediaId === mediaId);
    if (target === null) return false;
    if (target.kind === 'post') return has(posts.get(target.postId));
    if (target.kind === 'reply') return has(replies.get(target.replyId));
    return has([accounts.get(target.accountId)?.[target.kind] ?? null]);
  };
  const pictures = [...accounts.values()].flatMap(({ avatar, banner }) =>
    [avatar ?? [], banner ?? []].flat(),
  );
  const snapshots = [...[...posts.values(), ...replies.values()].flat(), ...pictures];
  return { posts, replies, holds, snapshots };
}

const idsOf = (media: readonly MediaSnapshot[] = []) => media.map(({ mediaId }) => mediaId);

it(`a server that is killed during uploads never shows missing files, and leaks no file (${rounds} times)`, async () => {
  const dataDir = await mkdtemp(joinPath(tmpdir(), 'twite-media-killed-'));
  await using cleanUp = new AsyncDisposableStack();
  cleanUp.defer(() => rm(dataDir, { recursive: true, force: true }));
  const environment = {
    TWITE_DATA_DIR: dataDir,
    TWITE_PORT: '0',
    TWITE_METRICS_PORT: 'off',
    TWITE_LOG_LEVEL: 'warn',
    TWITE_RATE_LIMITS: 'off',
    // URLs of media outlive the server.
    TWITE_MEDIA_URL: 'http://media.invalid',
  };
  const processes = cleanUp.use(startProcesses(environment));
  const random = makeRandom(20_260_731);
  const people: MediaPerson[] = [];

  /** With a clock a day ahead, unattached media are erased, and everything else is in its final state. */
  async function check(): Promise<void> {
    let aheadMs = 0;
    const clock = { now: () => Date.now() + aheadMs };
    await using server = await startEmbedded(loadConfig({ ...environment, TWITE_LOG_LEVEL: 'silent' }), {
      clock,
    });
    const { deps } = server;
    await server.settled();
    const accountIds = people.map(({ person }) => person.accountId);
    const missing = async (snapshots: readonly MediaSnapshot[]) => {
      const keys = [...new Set(snapshots.flatMap(keysOf))];
      const infos = await Promise.all(keys.map((key) => deps.blobs.stat(key)));
      return keys.filter((_, index) => infos[index] === undefined);
    };
    expect(await missing((await readShown(deps, accountIds)).snapshots)).toEqual([]);
    for (const person of people) await person.finish(server.url, (seconds) => wait(1_000 * seconds));
    await server.settled();
    aheadMs = dayMs + 3_600_000;
    while ((await expireMedia(deps)) > 0) await server.settled();
    const shown = await readShown(deps, accountIds);
    expect(await missing(shown.snapshots)).toEqual([]);
    // Everything acknowledged has all of its media.
    for (const { posts, replies, wrong } of people) {
      expect(wrong).toEqual([]);
      for (const { id, mediaIds } of posts) expect(idsOf(shown.posts.get(id))).toEqual(mediaIds);
      for (const { id, mediaIds } of replies)
        if (shown.replies.has(id)) expect(idsOf(shown.replies.get(id))).toEqual(mediaIds);
    }
    const records = await deps.media.list({ limit: 10_000 });
    const isFinal = (record: MediaRecord) =>
      record.state === 'ready' && record.expiresAt === null && shown.holds(record);
    expect(
      records
        .filter((record) => !isFinal(record))
        .map(({ mediaId, state, target, expiresAt }) => ({ mediaId, state, target, expiresAt })),
    ).toEqual([]);
    const keys = (await deps.blobs.list({ limit: 100_000 })).map(({ key }) => key);
    const known = await deps.media.keysAmong(keys);
    expect(keys.filter((key) => !known.has(key))).toEqual([]);
    for (const person of people) person.forgetUnattached();
  }

  for (let round = 0; round < rounds; round++) {
    const server = processes.start('server');
    const [, url = ''] = await server.told(/ready at (\S+)/);
    if (people.length === 0) {
      for (const name of ['ann', 'bob', 'cid'])
        people.push(new MediaPerson(await join(makeCall(url), name), random));
    }
    // At a random point of the concurrent work of three accounts, some answers later.
    let left = 1 + Math.floor(random() * answersMax);
    const { promise: enough, resolve } = Promise.withResolvers<void>();
    const living = people.map((person) =>
      person.live(url, () => {
        left -= 1;
        if (left === 0) resolve();
      }),
    );
    await enough;
    await wait(delayMsMax * random());
    server.signal('SIGKILL');
    await Promise.all([server.ended, ...living]);
    if ((round + 1) % roundsToCheck === 0) await check();
  }
  // Otherwise the test would be void.
  const uploads = people.reduce((sum, person) => sum + person.uploads, 0);
  expect(uploads).toBeGreaterThan(rounds);
}, 600_000);
