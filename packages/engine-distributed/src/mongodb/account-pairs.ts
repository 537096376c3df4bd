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

/** The common part of blocks and mutes: documents named `<accountId>:<targetId>` that either exist or do not. */
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

    /** The number of targets of the account, or `max` if there are more. */
    count: (accountId: string, max: number): Promise<number> =>
      pairs.countDocuments({ accountId }, { ...bounded, limit: max }),

    /** Returns the existing ones of the pairs. */
    findAmong: (ids: readonly string[]): Promise<AccountPair[]> =>
      findInChunks(ids, (some) =>
        pairs
          .find({ _id: { $in: some } }, { ...bounded, projection: { accountId: 1, targetId: 1 } })
          .toArray(),
      ),

    /** Erases at most `limit` pairs from and to the account, and returns them. */
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
