import { describe, expect, it } from 'vitest';
import { mongoUrl } from '../mongodb/testing/open-mongo.ts';
import { randomNamespace } from '../testing/random-namespace.ts';
import { openNeo4j } from './driver.ts';
import { ensureGraph } from './ensure-graph.ts';
import { eraseGraph } from './erase-graph.ts';
import { graphAccount, graphFollow, keepGraph } from './keep-graph.ts';
import { mergeGraph } from './merge-graph.ts';
import { rebuildGraph } from './rebuild-graph.ts';
import { storedAccounts } from './stored-graph.ts';
import { type GraphEvent, type KeptGraph, neo4jUrl, openKeptGraph } from './testing/open-kept-graph.ts';

const id = (n: number) => `${1_900_000_000_000_000_000n + BigInt(n)}`;
const people = async ({ accounts }: KeptGraph, count: number) => {
  for (let n = 1; n <= count; n++) {
    await accounts.insert({
      accountId: id(n),
      handle: `somebody${n}`,
      displayName: '',
      passwordHash: '$',
      createdAt: 1,
    });
  }
};
const follow = (kept: KeptGraph, from: number, to: number) =>
  kept.follows.follow({ followId: id(from * 100 + to), followerId: id(from), followeeId: id(to) });

/** The content of MongoDB, as the graph should have it. */
async function source({ collections }: KeptGraph) {
  const follows = (await collections.follows.find().sort({ _id: 1 }).toArray()).map(graphFollow);
  return (await collections.accounts.find().sort({ _id: 1 }).toArray()).map(graphAccount).map((account) => ({
    ...account,
    follows: follows
      .filter(({ followerId }) => followerId === account.accountId)
      .map(({ followerId: _, ...rest }) => rest),
  }));
}
const stored = ({ driver, space }: KeptGraph) => storedAccounts(driver, space, undefined, 1_000);

describe.runIf(neo4jUrl !== '' && mongoUrl !== '')('the graph', () => {
  it('matches MongoDB, for any order and repetition of events', async () => {
    await using kept = await openKeptGraph();
    await people(kept, 6);
    const rounds: GraphEvent[][] = [];
    const round = async () => rounds.push(await kept.changes());
    for (let from = 1; from <= 5; from++)
      for (let to = 1; to <= 6; to++) if (from !== to) await follow(kept, from, to);
    await round();
    await kept.follows.unfollow(id(1), id(2));
    await kept.follows.unfollow(id(3), id(4));
    await kept.accounts.setSuspension(id(5), { at: 1, reason: null });
    await round();
    await follow(kept, 3, 4);
    await kept.accounts.markDeleted(id(6));
    await kept.accounts.update(id(2), { bio: 'new' });
    await round();
    const { driver, space, collections } = kept;
    const handle = (events: readonly GraphEvent[]) =>
      keepGraph({ driver, collections, namespace: space }, events);
    // Several consumers at once, each from the last to the first.
    await Promise.all([rounds.flat().reverse(), ...rounds.toReversed(), rounds.flat()].map(handle));
    expect(await stored(kept)).toEqual(await source(kept));
  });

  it('does not go back to an older revision or duplicate an account with concurrent consumers', async () => {
    await using kept = await openKeptGraph();
    const { driver, space } = kept;
    const revs = Array.from({ length: 10 }, (_, n) => n + 1);
    const shuffled = revs.toSorted(() => Math.random() - 0.5);
    await Promise.all(
      shuffled.map((rev) =>
        mergeGraph(driver, space, {
          accounts: [{ accountId: id(1), status: rev === 10 ? 'deleted' : 'active', rev }],
          follows: [1, 2, 3].map((n) => ({
            followerId: id(n),
            followeeId: id((n % 3) + 1),
            followId: id(100 + rev),
            active: rev % 2 === 0,
            rev,
          })),
        }),
      ),
    );
    const graph = await storedAccounts(driver, space, undefined, 10);
    expect(graph.map(({ accountId, status, rev }) => ({ accountId, status, rev }))).toEqual([
      { accountId: id(1), status: 'deleted', rev: 10 },
      { accountId: id(2), status: null, rev: null },
      { accountId: id(3), status: null, rev: null },
    ]);
    for (const { follows } of graph) {
      expect(follows).toEqual([{ followeeId: expect.any(String), followId: id(110), active: true, rev: 10 }]);
    }
  });

  it('has a key that several processes can create concurrently', async () => {
    const drivers = Array.from({ length: 4 }, () => openNeo4j(neo4jUrl, 30_000));
    await Promise.all(drivers.map(ensureGraph));
    await Promise.all(drivers.map((driver) => driver.close()));
  });

  it('is compared page by page', async () => {
    await using kept = await openKeptGraph();
    await people(kept, 3);
    await kept.keep();
    const { driver, space } = kept;
    expect((await storedAccounts(driver, space, undefined, 2)).map((one) => one.accountId)).toEqual([
      id(1),
      id(2),
    ]);
    expect((await storedAccounts(driver, space, id(2), 2)).map((one) => one.accountId)).toEqual([id(3)]);
    expect(await storedAccounts(driver, space, id(3), 2)).toEqual([]);
  });

  it('is rebuilt from MongoDB, without data that only the graph has', async () => {
    await using kept = await openKeptGraph();
    await using other = await openKeptGraph();
    const { driver, space } = kept;
    await people(kept, 5);
    for (const [from, to] of [
      [1, 2],
      [2, 3],
      [3, 1],
      [4, 1],
    ] as const)
      await follow(kept, from, to);
    await kept.follows.unfollow(id(4), id(1));
    await people(other, 2);
    await other.keep();
    // Some of it is present, some stale, some not in MongoDB at all; everything is old.
    await mergeGraph(driver, space, {
      accounts: [1, 2, 9].map((n) => ({ accountId: id(n), status: 'active', rev: 1 })),
      follows: [
        [1, 2],
        [2, 1],
        [9, 1],
        [1, 8],
      ].map(([from = 0, to = 0]) => ({
        followerId: id(from),
        followeeId: id(to),
        followId: id(1),
        active: true,
        rev: 1,
      })),
      mark: 1_000,
    });
    await kept.accounts.setSuspension(id(2), { at: 1, reason: null });
    const progress: unknown[] = [];
    const walks = {
      async *accounts() {
        for (const account of await kept.collections.accounts.find().toArray()) yield [graphAccount(account)];
      },
      async *follows() {
        for (const one of await kept.collections.follows.find().toArray()) yield [graphFollow(one)];
        // The consumer works at the same time, on data that these walks do not reach.
        await follow(kept, 5, 1);
        await kept.keep();
      },
    };
    expect(
      await rebuildGraph({ driver, namespace: space, walks, onProgress: (soFar) => progress.push(soFar) }),
    ).toEqual({ accounts: 5, follows: 4 });
    expect(progress).toHaveLength(9);
    expect(await stored(kept)).toEqual(await source(kept));
    expect(await stored(other)).toEqual(await source(other));
  });

  it('of one namespace can be erased', async () => {
    await using kept = await openKeptGraph();
    await using other = await openKeptGraph();
    for (const one of [kept, other]) {
      await people(one, 2);
      await follow(one, 1, 2);
      await one.keep();
    }
    await eraseGraph(kept.driver, kept.space);
    await eraseGraph(kept.driver, randomNamespace());
    expect(await stored(kept)).toEqual([]);
    expect(await stored(other)).toEqual(await source(other));
  });
});
