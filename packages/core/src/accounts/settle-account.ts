import type { Deps } from '../engine.ts';

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
>;

// Rows changed by one write: small enough that others are not kept waiting.
const chunk = 200;

async function untilNothingIsLeft(step: () => Promise<number>): Promise<void> {
  while ((await step()) > 0);
}

async function settleCounts(deps: SettleDeps, accountId: string, counted: boolean): Promise<void> {
  await untilNothingIsLeft(() => deps.likes.settleAccount(accountId, counted, chunk));
  await untilNothingIsLeft(() => deps.replies.settleAuthor(accountId, counted, chunk));
  await untilNothingIsLeft(() => deps.follows.settleAccount(accountId, counted, chunk));
}

/** Timelines that were rebuilt during the suspension lack the account's posts: they are rebuilt on their next read. */
async function dropFollowersTimelines(deps: SettleDeps, accountId: string): Promise<void> {
  let after: string | undefined;
  for (;;) {
    const edges = await deps.follows.walkFollowers(accountId, { after, limit: chunk });
    await deps.timelines.drop(edges.map((edge) => edge.accountId));
    if (edges.length < chunk) return;
    after = edges[edges.length - 1]?.edgeId;
  }
}

async function eraseTraces(deps: SettleDeps, accountId: string): Promise<void> {
  await untilNothingIsLeft(async () => {
    const postIds = await deps.posts.listByAuthor(accountId, { limit: chunk, visibility: 'all' });
    for (const postId of postIds) await deps.posts.delete(postId);
    return postIds.length;
  });
  await untilNothingIsLeft(async () => {
    const replyIds = await deps.replies.listByAuthor(accountId, { limit: chunk });
    for (const replyId of replyIds) await deps.replies.delete(replyId);
    return replyIds.length;
  });
  await untilNothingIsLeft(() => deps.likes.purgeByAccount(accountId, chunk));
  await untilNothingIsLeft(() => deps.follows.purgeByAccount(accountId, chunk));
  await untilNothingIsLeft(() => deps.blocks.purgeByAccount(accountId, chunk));
  await untilNothingIsLeft(() => deps.mutes.purgeByAccount(accountId, chunk));
  await deps.sessions.deleteByAccount(accountId);
  await deps.tokens.deleteByAccount(accountId);
}

/**
 * Makes everything that depends on an account's status agree with it: what it liked, wrote and followed counts only
 * while it is active; once it is deleted, its traces are erased. Reads the status itself and again at the end, so that
 * repeats, changes of order and other runs at the same time all end right.
 */
export async function settleAccount(deps: SettleDeps, accountId: string): Promise<void> {
  for (;;) {
    const status = (await deps.accounts.findMany([accountId])).get(accountId)?.status;
    if (status === undefined) return;
    await settleCounts(deps, accountId, status === 'active');
    if (status === 'active') await dropFollowersTimelines(deps, accountId);
    if (status === 'suspended') await deps.sessions.deleteByAccount(accountId);
    if (status === 'deleted') await eraseTraces(deps, accountId);
    const now = (await deps.accounts.findMany([accountId])).get(accountId)?.status;
    if (now === status) return;
  }
}
