import type { AccountEdge, PageBefore } from '@twite/core/keyset';
import { currentTrace } from '@twite/core/trace';
import type { Collection } from 'mongodb';
import type { AccountPairDoc } from './documents.ts';
import { insertedNew } from './errors.ts';
import { aboveAllIds, bounded, findInChunks } from './reads.ts';

interface AccountPair {
  readonly accountId: string;
  readonly targetId: string;
}

/** What blocks and mutes have in common: documents named `<accountId>:<targetId>`, that are there or not. */
export function accountPairs(pairs: Collection<AccountPairDoc>) {
  const targetsOf = async (accountId: string): Promise<string[]> => {
    const found = await pairs
      .find({ accountId }, { ...bounded, projection: { _id: 0, targetId: 1 } })
      .toArray();
    return found.map(({ targetId }) => targetId);
  };
  const sourcesOf = async (targetId: string): Promise<string[]> => {
    const found = await pairs
      .find({ targetId }, { ...bounded, projection: { _id: 0, accountId: 1 } })
      .toArray();
    return found.map(({ accountId }) => accountId);
  };
  return {
    targetsOf,
    sourcesOf,

    add: (edgeId: string, accountId: string, targetId: string): Promise<boolean> =>
      insertedNew(
        pairs.insertOne({
          _id: `${accountId}:${targetId}`,
          edgeId,
          accountId,
          targetId,
          trace: currentTrace(),
        }),
      ),

    async remove(accountId: string, targetId: string): Promise<boolean> {
      const { deletedCount } = await pairs.deleteOne({ _id: `${accountId}:${targetId}` });
      return deletedCount === 1;
    },

    async list(accountId: string, { before = aboveAllIds, limit }: PageBefore): Promise<AccountEdge[]> {
      const found = await pairs
        .find(
          { accountId, edgeId: { $lt: before } },
          { ...bounded, projection: { _id: 0, edgeId: 1, targetId: 1 } },
        )
        .sort({ edgeId: -1 })
        .limit(limit)
        .toArray();
      return found.map(({ edgeId, targetId }) => ({ edgeId, accountId: targetId }));
    },

    /** How many targets the account has; `max` if it has more. */
    count: (accountId: string, max: number): Promise<number> =>
      pairs.countDocuments({ accountId }, { ...bounded, limit: max }),

    /** Those of the pairs that are there. */
    findAmong: (ids: readonly string[]): Promise<AccountPair[]> =>
      findInChunks(ids, (some) =>
        pairs
          .find({ _id: { $in: some } }, { ...bounded, projection: { accountId: 1, targetId: 1 } })
          .toArray(),
      ),

    /** Erases at most `limit` from and to the account; which. */
    async purge(accountId: string, limit: number): Promise<AccountPair[]> {
      const find = (filter: Partial<AccountPair>, max: number) =>
        max <= 0
          ? []
          : pairs
              .find(filter, { ...bounded, projection: { accountId: 1, targetId: 1 } })
              .limit(max)
              .toArray();
      const outgoing = await find({ accountId }, limit);
      const found = [...outgoing, ...(await find({ targetId: accountId }, limit - outgoing.length))];
      if (found.length > 0) await pairs.deleteMany({ _id: { $in: found.map(({ _id }) => _id) } });
      return found;
    },
  };
}
