import type { Comparing } from '@twite/core/admin/comparing';
import { isActive, readStatuses } from '../mongodb/counted.ts';
import type { Collections } from '../mongodb/databases.ts';
import { allFollows, allLikes, allReplies } from '../mongodb/walks.ts';

/** A current follow, like or reply, with the accounts whose statuses it depends on. */
interface Edge {
  readonly id: string;
  readonly accountIds: readonly string[];
  readonly counted: boolean;
}

async function* standingFollows(collections: Collections): AsyncGenerator<readonly Edge[]> {
  for await (const follows of allFollows(collections)) {
    yield follows
      .filter(({ active }) => active)
      .map(({ _id, followerId, followeeId, counted }) => ({
        id: _id,
        accountIds: [followerId, followeeId],
        counted,
      }));
  }
}

async function* standingLikes(collections: Collections): AsyncGenerator<readonly Edge[]> {
  for await (const likes of allLikes(collections)) {
    yield likes.map(({ _id, accountId, counted }) => ({ id: _id, accountIds: [accountId], counted }));
  }
}

async function* standingReplies(collections: Collections): AsyncGenerator<readonly Edge[]> {
  for await (const replies of allReplies(collections)) {
    yield replies
      .filter(({ deleted }) => !deleted)
      .map(({ _id, authorId, counted }) => ({ id: _id, accountIds: [authorId], counted }));
  }
}

/** Checks that every follow, like and reply counts if and only if all its accounts are active. */
export const compareCounted = (collections: Collections): readonly Comparing[] =>
  (
    [
      ['follow', standingFollows],
      ['like', standingLikes],
      ['reply', standingReplies],
    ] as const
  ).map(([kind, walk]) => ({
    what: `counts: whether each ${kind} does`,
    async compare(only) {
      const named = only && new Set(only);
      const differing: string[] = [];
      let compared = 0;
      for await (const edges of walk(collections)) {
        const statuses = await readStatuses(
          collections,
          edges.flatMap(({ accountIds }) => accountIds),
        );
        for (const { id, accountIds, counted } of edges) {
          if (named?.has(id) === false) continue;
          compared += 1;
          if (counted !== accountIds.every((accountId) => isActive(statuses, accountId))) differing.push(id);
        }
      }
      return { compared, differing };
    },
  }));
