import { setTimeout as wait } from 'node:timers/promises';
import { type Deps, defaultSettings } from '@twite/core/engine';
import { expireMedia } from '@twite/core/media/expire-media';
import type { MediaRecord, MediaSnapshot } from '@twite/core/media/media-record';
import { createTimelineRebuilds } from '@twite/core/timelines/timeline-rebuilds';
import { openDistributedEngine } from '@twite/engine-distributed';
import { hasServices, testNamespaces, testUrls } from '@twite/engine-distributed/testing';
import { afterAll, describe, expect, it } from 'vitest';
import type { WorkName } from '../start-workers.ts';
import { tinyMedia } from '../testing/tiny-media.ts';
import type { Act, MediaScript } from './media-script.ts';
import { standbyProcesses, type TestProcess } from './test-process.ts';

const rounds = 200;
const roundsToExpiry = 10;
const livesMs = 60_000;
const dayMs = 24 * 3_600_000;
const work: readonly WorkName[] = ['upkeep', 'jobs'];

/** The steps at which a process dies, with the minimum number of passes per round. */
const passes = {
  'in the story': {
    'media.afterReserve': 9,
    'media.afterAddKeys': 3,
    'blobs.afterPut': 24,
    'media.afterPublish': 9,
    'media.afterAttach': 6,
    'posts.afterInsert': 2,
    'posts.afterSetMedia': 1,
    'replies.afterInsert': 2,
    'replies.afterSetMedia': 1,
    'media.afterKeep': 6,
    'accounts.afterChange': 2,
    'media.afterUpdate': 3,
    'media.afterRemove': 3,
    'media.beforeErase': 3,
    'media.afterErase': 3,
    'blobs.afterDelete': 4,
    'jobs.afterEnqueue': 3,
    'deliveries.beforeHandle': 12,
    'deliveries.afterHandle': 12,
    'deliveries.afterAck': 12,
  },
  suspended: { 'blobs.afterCopy': 10, 'blobs.afterMove': 10 },
  reinstated: { 'blobs.afterMove': 10 },
} as const;

interface Round {
  readonly failpoint: string;
  readonly accountId: string;
  /** The acts that are done and settled before the process may die. */
  readonly before: MediaScript['steps'];
  readonly story: MediaScript['steps'];
  /** The acts after the story is done and settled. */
  readonly after: MediaScript['steps'];
  readonly keptPost: { readonly postId: string; readonly mediaIds: readonly string[] };
  readonly keptReplyMedia: { readonly replyId: string; readonly mediaIds: readonly string[] };
  readonly avatar: string;
  readonly ends: 'active' | 'deleted';
  readonly postIds: readonly string[];
  readonly replyIds: readonly string[];
}

const spread = (given: Readonly<Record<string, number>>): string[] =>
  Object.entries(given).flatMap(([name, count]) =>
    Array.from({ length: count }, (_, pass) => `${name}@${pass + 1}`),
  );

/** A user uploads, posts, replies, changes pictures and focus, and deletes some of it again. */
function makeRound(index: number, next: () => string): Round {
  const dies = index % 10 === 4 ? 'suspended' : index % 10 === 9 ? 'reinstated' : 'in the story';
  const failpoints = spread(passes[dies]);
  // Far apart from round to round, so that every step has its turn early.
  const turn = dies === 'in the story' ? index * 37 : Math.floor(index / 10) * 5;
  const failpoint = failpoints[turn % failpoints.length] as string;
  const [a, b, c, d, e, f, g, h] = Array.from({ length: 8 }, next) as [
    string,
    string,
    string,
    string,
    string,
    string,
    string,
    string,
  ];
  const video = next();
  const [kept, gone, reply, goneReply] = [next(), next(), next(), next()];
  const ends = dies === 'in the story' && index % 7 === 6 ? 'deleted' : 'active';
  const upload = (mediaId: string): Act => ({ act: 'upload', mediaId });
  const steps: Act[][] = [
    [upload(a), upload(b), { act: 'upload', mediaId: video, video: true }],
    [upload(c), upload(d)],
    [{ act: 'avatar', mediaId: c }],
    [{ act: 'post', postId: kept, mediaIds: [a, video] }],
    [
      { act: 'focus', mediaId: a, x: 0.5 },
      { act: 'focus', mediaId: c, x: -0.5 },
      { act: 'avatar', mediaId: d },
    ],
    [upload(e), upload(f), upload(g), upload(h)],
    [
      { act: 'post', postId: gone, mediaIds: [e] },
      { act: 'reply', replyId: reply, postId: kept, mediaIds: [b] },
    ],
    [{ act: 'reply', replyId: goneReply, postId: kept, mediaIds: [f] }],
    [
      { act: 'focus', mediaId: b, x: 1 },
      { act: 'deletePost', postId: gone },
      { act: 'deleteReply', replyId: goneReply },
      { act: 'deleteMedia', mediaId: g },
    ],
    ...(ends === 'deleted' ? ([[{ act: 'deleteAccount' }]] satisfies Act[][]) : []),
  ];
  const suspension: Act[][] = [[{ act: 'suspend' }]];
  const reinstatement: Act[][] = [[{ act: 'reinstate' }]];
  return {
    failpoint,
    accountId: next(),
    before: dies === 'reinstated' ? [...steps, ...suspension] : [],
    story: dies === 'reinstated' ? reinstatement : dies === 'suspended' ? [...steps, ...suspension] : steps,
    after: dies === 'suspended' ? reinstatement : [],
    keptPost: { postId: kept, mediaIds: [a, video] },
    keptReplyMedia: { replyId: reply, mediaIds: [b] },
    avatar: d,
    ends,
    postIds: [kept, gone],
    replyIds: [reply, goneReply],
  };
}

describe.runIf(hasServices)('a process that is killed while it processes media', () => {
  const namespaces = testNamespaces();
  afterAll(() => namespaces.erase(), 180_000);

  it(`leaves no reference to a missing object, and no orphaned object (${rounds} rounds)`, async () => {
    const namespace = namespaces.add();
    const setup = { urls: testUrls(namespace), namespace, settings: defaultSettings };
    await using open = await openDistributedEngine({ ...setup, relay: true });
    const refuse = () => {
      throw new Error('no passwords here');
    };
    let aheadMs = 0;
    const clock = { now: () => Date.now() + aheadMs };
    const deps: Deps = {
      ...open.engine,
      ...open.uncached,
      ...tinyMedia,
      clock,
      ids: open.ids,
      passwords: { hash: refuse, verify: refuse },
      timelineRebuilds: createTimelineRebuilds(),
      settings: defaultSettings,
    };

    const missingFrom = async (snapshots: readonly (MediaSnapshot | null)[]): Promise<string[]> => {
      const keys = new Set(
        snapshots.flatMap((each) =>
          each === null
            ? []
            : [...each.variants.map(({ key }) => key), ...(each.main ? [each.main.key] : [])],
        ),
      );
      const infos = await Promise.all(
        [...keys].map(async (key) => [key, await deps.blobs.stat(key)] as const),
      );
      return infos.filter(([, info]) => info === undefined).map(([key]) => key);
    };

    /** The whole visible result of a round, as stored. */
    async function seen({ accountId, postIds, replyIds }: Round) {
      const [posts, replies, accounts] = await Promise.all([
        deps.posts.findMany(postIds),
        deps.replies.findMany(replyIds),
        deps.accounts.findMany([accountId]),
      ]);
      const account = accounts.get(accountId);
      // Replies are deleted with their post, by a job.
      const visible = [...replies.values()].filter(({ postId }) => posts.has(postId));
      const isThere = account?.status !== 'deleted';
      return {
        posts,
        replies,
        account,
        snapshots: isThere
          ? [
              ...[...posts.values(), ...visible].flatMap(({ media }) => media),
              account?.avatar ?? null,
              account?.banner ?? null,
            ]
          : [],
      };
    }

    const holds = (
      { posts, replies, account }: Awaited<ReturnType<typeof seen>>,
      { mediaId, target }: MediaRecord,
    ) => {
      const has = (media: readonly (MediaSnapshot | null)[] = []) =>
        media.some((each) => each?.mediaId === mediaId);
      if (target === null) return false;
      if (target.kind === 'post') return has(posts.get(target.postId)?.media);
      if (target.kind === 'reply') return has(replies.get(target.replyId)?.media);
      return has([account?.[target.kind] ?? null]);
    };

    const idsOf = (media: readonly { readonly mediaId: string }[] = []) =>
      media.map(({ mediaId }) => mediaId);

    async function expectFinal(round: Round): Promise<void> {
      const { accountId, keptPost, keptReplyMedia, avatar, ends } = round;
      const now = await seen(round);
      expect(await missingFrom(now.snapshots)).toEqual([]);
      const found = await deps.media.findMany(await deps.media.listByOwner(accountId, { limit: 100 }));
      const records = [...found.values()];
      // None is being uploaded or processed; none is unattached, provisional, or attached to something that does not
      // contain it.
      const isFinal = (record: MediaRecord) =>
        record.state === 'ready' && record.expiresAt === null && record.target !== null && holds(now, record);
      const others = records.filter((record) => !isFinal(record));
      expect(others.map(({ state, target, expiresAt }) => ({ state, target, expiresAt }))).toEqual([]);
      if (ends === 'deleted') expect(records).toEqual([]);
      else {
        expect(idsOf(now.posts.get(keptPost.postId)?.media)).toEqual(keptPost.mediaIds);
        expect(idsOf(now.replies.get(keptReplyMedia.replyId)?.media)).toEqual(keptReplyMedia.mediaIds);
        expect(now.account?.avatar?.mediaId).toBe(avatar);
        expect(records.length).toBe(4);
        expect(now.snapshots.filter((each) => each?.state === 'processing')).toEqual([]);
      }
    }

    async function forgotten(): Promise<string[]> {
      const orphans: string[] = [];
      let after: string | undefined;
      for (;;) {
        const page = await deps.blobs.list({ after, limit: 1_000 });
        const keys = page.map(({ key }) => key);
        const known = await deps.media.keysAmong(keys);
        orphans.push(...keys.filter((key) => !known.has(key)));
        if (page.length < 1_000) return orphans;
        after = keys.at(-1);
      }
    }

    const done: Round[] = [];
    /** A day later: unattached media are erased, and everything else is in its final state. */
    async function expire(worker: TestProcess): Promise<void> {
      aheadMs = dayMs + 3_600_000;
      await expireMedia(deps);
      aheadMs = 0;
      await worker.tell({ do: 'settle' });
      for (const round of done.slice(-roundsToExpiry)) {
        await expectFinal(round).catch((error: unknown) => {
          throw new Error(`round ${done.indexOf(round)}, killed at ${round.failpoint}`, { cause: error });
        });
      }
    }

    await using standby = standbyProcesses(setup, 2);
    let process = await standby.next();
    await process.tell({ do: 'consume', names: work });
    const survived: string[] = [];
    for (let index = 0; index < rounds; index++) {
      const round = makeRound(index, () => open.ids.next());
      const { accountId, before, story, after } = round;
      const account = { accountId, handle: `p${index}`, displayName: 'Somebody', passwordHash: 'unused' };
      await deps.accounts.insert({ ...account, createdAt: clock.now() });
      const dying = process;
      const perform = (worker: TestProcess, steps: MediaScript['steps'], answered: readonly number[] = []) =>
        worker.tell({ do: 'perform', script: { accountId, steps }, answered });
      if (before.length > 0) {
        await perform(dying, before);
        await dying.tell({ do: 'settle' });
      }
      await dying.tell({ do: 'arm', failpoint: round.failpoint });
      const finished = (async () => {
        await perform(dying, story);
        await dying.tell({ do: 'settle' });
        return 'finished';
      })();
      finished.catch(() => {});
      const end = await Promise.race([
        dying.exited,
        finished.catch(() => dying.exited),
        wait(livesMs, 'hangs', { ref: false }),
      ]);
      if (end === 'finished') {
        survived.push(round.failpoint);
        dying.signal('SIGKILL');
        await dying.exited;
      } else {
        expect([round.failpoint, end]).toEqual([round.failpoint, 'SIGKILL']);
      }
      // At once, before any repair.
      expect([round.failpoint, await missingFrom((await seen(round)).snapshots)]).toEqual([
        round.failpoint,
        [],
      ]);

      process = await standby.next();
      await process.tell({ do: 'consume', names: work });
      // Like a client: retries the unanswered acts with the same ids.
      await perform(process, story, [...dying.answered]);
      await process.tell({ do: 'settle' });
      if (after.length > 0) {
        await perform(process, after);
        await process.tell({ do: 'settle' });
      }
      done.push(round);
      if (done.length % roundsToExpiry === 0) await expire(process);
    }
    await expire(process);
    for (const round of done) await expectFinal(round);
    expect(await forgotten()).toEqual([]);
    expect((await open.engine.queues.list()).filter(({ parked }) => parked > 0)).toEqual([]);
    // How often some steps are passed depends on timing.
    expect(survived.length, survived.join()).toBeLessThan(rounds / 20);
  }, 1_800_000);
});
