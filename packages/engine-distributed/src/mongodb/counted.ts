import type { AccountStatus } from '@twite/core/accounts/account-store';
import { createBatching } from '../batching.ts';
import type { Collections } from './databases.ts';
import { bounded, findInChunks } from './reads.ts';

/** Reads the statuses of the existing accounts of these. */
export type StatusesOf = (accountIds: Iterable<string>) => Promise<ReadonlyMap<string, AccountStatus>>;

/** Reads for concurrent writes share their queries. */
export const batchStatuses = (collections: Pick<Collections, 'accounts'>): StatusesOf =>
  createBatching((accountIds) => readStatuses(collections, accountIds));

export async function readStatuses(
  { accounts }: Pick<Collections, 'accounts'>,
  accountIds: Iterable<string>,
): Promise<ReadonlyMap<string, AccountStatus>> {
  const found = await findInChunks(accountIds, (some) =>
    accounts.find({ _id: { $in: some } }, { ...bounded, projection: { status: 1 } }).toArray(),
  );
  return new Map(found.map(({ _id, status }) => [_id, status]));
}

/** Whether the account's actions count in the numbers of others. An unknown account is assumed to be active. */
export const isActive = (statuses: ReadonlyMap<string, AccountStatus>, accountId: string): boolean =>
  (statuses.get(accountId) ?? 'active') === 'active';

/** A follow, like or reply, and the accounts whose statuses it depends on. */
export interface CountedEdge {
  readonly id: string;
  readonly accountIds: readonly string[];
  /** Whether it counts, as last written or read. */
  readonly counted: boolean;
}

/** Marks documents as counted or not, unless they already are. */
export type SetCounted = (ids: readonly string[], counted: boolean) => Promise<unknown>;

/**
 * Makes edges count while all their accounts are active. Reads the statuses again after each write, so that the last
 * write is based on statuses read after everything was written; a later change of status settles the edges itself.
 */
export async function agreeWithStatuses(
  statusesOf: StatusesOf,
  edges: readonly CountedEdge[],
  setCounted: SetCounted,
): Promise<void> {
  const counted = new Map(edges.map((edge) => [edge.id, edge.counted]));
  for (;;) {
    const statuses = await statusesOf(edges.flatMap((edge) => edge.accountIds));
    const wrong: Record<'true' | 'false', string[]> = { true: [], false: [] };
    for (const { id, accountIds } of edges) {
      const should = accountIds.every((accountId) => isActive(statuses, accountId));
      if (counted.get(id) === should) continue;
      wrong[`${should}`].push(id);
      counted.set(id, should);
    }
    if (wrong.true.length + wrong.false.length === 0) return;
    if (wrong.true.length > 0) await setCounted(wrong.true, true);
    if (wrong.false.length > 0) await setCounted(wrong.false, false);
  }
}

export const setFollowsCounted =
  ({ follows }: Pick<Collections, 'follows'>): SetCounted =>
  (ids, counted) =>
    follows.updateMany({ _id: { $in: [...ids] }, active: true, counted: !counted }, { $set: { counted } });

export const setLikesCounted =
  ({ likes }: Pick<Collections, 'likes'>): SetCounted =>
  (ids, counted) =>
    likes.updateMany({ _id: { $in: [...ids] }, counted: !counted }, { $set: { counted } });

export const setRepliesCounted =
  ({ replies }: Pick<Collections, 'replies'>): SetCounted =>
  (ids, counted) =>
    replies.updateMany({ _id: { $in: [...ids] }, deleted: false, counted: !counted }, { $set: { counted } });
