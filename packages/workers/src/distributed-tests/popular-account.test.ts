import { openSociety, type Society } from '@twite/conformance/scenarios';
import { type Deps, defaultSettings } from '@twite/core/engine';
import { getHomeTimeline } from '@twite/core/timelines/get-home-timeline';
import { createTestEngines, hasServices } from '@twite/engine-distributed/testing';
import { afterAll, describe, expect, it } from 'vitest';
import { startWorkers } from '../start-workers.ts';

const followers = defaultSettings.popularFollowerThreshold;
const sampleEvery = 25;
const atOnce = 250;

/** Counts the accounts that the workers push to, and how many of those had a warm timeline. */
function counting(deliveries: { asked: number; reached: number }) {
  return (deps: Deps): Promise<AsyncDisposable> => {
    const { timelines } = deps;
    const push: typeof timelines.push = async (postId, accountIds) => {
      const reached = await timelines.push(postId, accountIds);
      deliveries.asked += accountIds.length;
      deliveries.reached += reached;
      return reached;
    };
    const counted = new Proxy(timelines, {
      get: (target, name) => {
        const value: unknown = name === 'push' ? push : Reflect.get(target, name);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    return startWorkers({ ...deps, timelines: counted });
  };
}

/** Creates accounts that follow an account: through the ports, many at once. */
async function joinFollowing({ deps }: Society, followeeId: string, count: number): Promise<string[]> {
  const joined: string[] = [];
  while (joined.length < count) {
    const some = Array.from({ length: Math.min(atOnce, count - joined.length) }, () => deps.ids.next());
    await Promise.all(
      some.map(async (accountId) => {
        const name = `f${accountId.slice(-12)}`;
        const account = { accountId, handle: name, displayName: name, passwordHash: 'unused', createdAt: 0 };
        expect(await deps.accounts.insert(account)).toBe('inserted');
        await deps.follows.follow({ followId: deps.ids.next(), followerId: accountId, followeeId });
      }),
    );
    joined.push(...some);
  }
  return joined;
}

describe.runIf(hasServices)('an account with thousands of followers', () => {
  const engines = createTestEngines();
  afterAll(() => engines.erase(), 120_000);

  it(`is pushed up to ${followers} and merged on read above, and every reader sees each post once`, async () => {
    const deliveries = { asked: 0, reached: 0 };
    await using society = await openSociety({ name: 'workers', open: engines.open }, counting(deliveries));
    const { deps } = society;
    const ann = await society.join('ann');
    const fans = await joinFollowing(society, ann.accountId, followers);
    await society.settled();
    const record = async () => (await deps.accounts.findMany([ann.accountId])).get(ann.accountId);
    expect(await record()).toMatchObject({ followerCount: followers, popular: false });

    const sample = fans.filter((_, index) => index % sampleEvery === 0);
    const warm = sample.filter((_, index) => index % 2 === 0);
    const home = async (accountId: string, limit: number) => {
      const postIds: string[] = [];
      let cursor: string | null | undefined;
      do {
        const page = await getHomeTimeline(deps, accountId, { limit, ...(cursor ? { cursor } : {}) });
        postIds.push(...page.items.map(({ postId }) => postId));
        cursor = page.nextCursor;
      } while (cursor);
      return postIds;
    };
    const expectAllToSee = async (readers: readonly string[], postIds: readonly string[]) => {
      // Small pages cross the boundary between pushed and merged posts.
      for (const limit of [1, 20]) {
        for (const reader of readers) expect(await home(reader, limit)).toEqual(postIds);
      }
    };
    for (const reader of [...warm, ann.accountId]) expect(await home(reader, 20)).toEqual([]);

    const before = await ann.post('To five thousand');
    await society.settled();
    // The author's own timeline comes first; timelines that nobody reads stay cold.
    expect(deliveries).toEqual({ asked: 1 + followers, reached: 1 + warm.length });
    for (const reader of warm) {
      expect(await deps.timelines.read(reader, { limit: 5 })).toMatchObject({ postIds: [before.postId] });
    }
    await expectAllToSee(warm, [before.postId]);

    const late = await joinFollowing(society, ann.accountId, 1);
    await society.settled();
    expect(await record()).toMatchObject({ followerCount: followers + 1, popular: false });
    const after = await ann.post('To one more');
    await society.settled();
    expect(await record()).toMatchObject({ popular: true });
    expect(deliveries).toEqual({ asked: 2 + followers, reached: 2 + warm.length });
    await expectAllToSee([...sample, ...late], [after.postId, before.postId]);

    // Popular forever, even with fewer followers again.
    await deps.follows.unfollow(late[0] ?? '', ann.accountId);
    const last = await ann.post('Still');
    await society.settled();
    expect(deliveries).toEqual({ asked: 3 + followers, reached: 3 + warm.length });
    await expectAllToSee(sample, [last.postId, after.postId, before.postId]);
    expect(await home(late[0] ?? '', 20)).toEqual([]);
  }, 600_000);
});
