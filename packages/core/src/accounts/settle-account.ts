import type { Deps } from '../engine.ts';
import { removeMediaOfOwner } from '../media/purge-media.ts';
import { endSessionsAndTokens } from '../sessions/end-sessions-and-tokens.ts';
import type { AccountStatus } from './account-store.ts';

type SettleDeps = Pick<
  Deps,
  | 'accounts'
  | 'sessions'
  | 'tokens'
  | 'posts'
  | 'replies'
  | 'likes'
  | 'follows'
  | 'blocks'
  | 'mutes'
  | 'timelines'
  | 'media'
  | 'jobs'
  | 'clock'
>;

// Rows changed per write: few enough not to delay other writers.
const chunk = 200;

/** Repeats a step until it finds nothing left to do. */
type Repeat = (step: () => Promise<number>) => Promise<void>;

const statusOf = async (deps: SettleDeps, accountId: string): Promise<AccountStatus | undefined> =>
  (await deps.accounts.findMany([accountId])).get(accountId)?.status;

// Reads the status before every step: otherwise two runs for two statuses would keep undoing each other.
const repeatWhile =
  (deps: SettleDeps, accountId: string, status: AccountStatus): Repeat =>
  async (step) => {
    while ((await statusOf(deps, accountId)) === status && (await step()) > 0);
  };

async function settleCounts(
  deps: SettleDeps,
  accountId: string,
  status: AccountStatus,
  repeat: Repeat,
): Promise<void> {
  const counted = status === 'active';
  await repeat(() => deps.likes.settleAccount(accountId, counted, chunk));
  await repeat(() => deps.replies.settleAuthor(accountId, counted, chunk));
  await repeat(() => settleFollows(deps, accountId, status));
}

/**
 * Makes one pass over all follows of the account and returns how many it changed. Stops early when the status changes.
 */
async function settleFollows(deps: SettleDeps, accountId: string, status: AccountStatus): Promise<number> {
  let total = 0;
  let cursor: string | undefined;
  do {
    const step = await deps.follows.settleAccount(accountId, status === 'active', { limit: chunk, cursor });
    total += step.changed;
    cursor = step.nextCursor ?? undefined;
  } while (cursor !== undefined && (await statusOf(deps, accountId)) === status);
  return total;
}

/** Timelines that were rebuilt during the suspension lack the account's posts. Their next read rebuilds them. */
async function dropFollowersTimelines(deps: SettleDeps, accountId: string): Promise<void> {
  let after: string | undefined;
  for (;;) {
    const edges = await deps.follows.walkFollowers(accountId, { after, limit: chunk });
    await deps.timelines.drop(edges.map((edge) => edge.accountId));
    if (edges.length < chunk) return;
    after = edges[edges.length - 1]?.edgeId;
  }
}

async function eraseTraces(deps: SettleDeps, accountId: string, repeat: Repeat): Promise<void> {
  await repeat(async () => {
    const postIds = await deps.posts.listByAuthor(accountId, { limit: chunk, visibility: 'all' });
    // The deletions run concurrently so that they share transactions.
    await Promise.all(postIds.map((postId) => deps.posts.delete(postId)));
    return postIds.length;
  });
  await repeat(async () => {
    const replyIds = await deps.replies.listByAuthor(accountId, { limit: chunk });
    await Promise.all(replyIds.map((replyId) => deps.replies.delete(replyId)));
    return replyIds.length;
  });
  await repeat(() => removeMediaOfOwner(deps, accountId, chunk));
  await repeat(() => deps.likes.purgeByAccount(accountId, chunk));
  await repeat(() => deps.follows.purgeByAccount(accountId, chunk));
  await repeat(() => deps.blocks.purgeByAccount(accountId, chunk));
  await repeat(() => deps.mutes.purgeByAccount(accountId, chunk));
  await endSessionsAndTokens(deps, accountId);
}

/**
 * Reconciles everything that depends on an account's status. Likes, posts and follows count only while the account is
 * active; the traces of a deleted account are erased. Reads the status itself, and again at the end, so that retries,
 * reordering and concurrent runs all converge.
 */
export async function settleAccount(deps: SettleDeps, accountId: string): Promise<void> {
  for (;;) {
    const status = await statusOf(deps, accountId);
    if (status === undefined) return;
    const repeat = repeatWhile(deps, accountId, status);
    await settleCounts(deps, accountId, status, repeat);
    // Suspended accounts get no pushes: their own timeline has a gap.
    await deps.timelines.drop([accountId]);
    if (status === 'active') await dropFollowersTimelines(deps, accountId);
    if (status === 'suspended') await endSessionsAndTokens(deps, accountId);
    if (status !== 'deleted') await deps.jobs.enqueue([{ name: 'settleMedia', accountId, afterMediaId: '' }]);
    if (status === 'deleted') await eraseTraces(deps, accountId, repeat);
    if ((await statusOf(deps, accountId)) === status) return;
  }
}
