import { createAccount } from '@twite/core/accounts/create-account';
import type { Deps } from '@twite/core/engine';
import { followAccount } from '@twite/core/follows/follow-account';
import { like } from '@twite/core/likes/like-subject';
import { createPost } from '@twite/core/posts/create-post';
import { createReply } from '@twite/core/replies/create-reply';
import { forEachConcurrently } from '@twite/process/for-each-concurrently';
import { coappearances } from './les-miserables.ts';
import { loadLandscapes } from './pictures/load-pictures.ts';
import { type DemoPlan, planDemo } from './plan-demo.ts';

export interface DemoOptions {
  /** The password of every demo account. */
  readonly password: string;
  /** When the demo was started, in milliseconds. Passing the same value again completes an interrupted load. */
  readonly startedAt: number;
}

export interface DemoSummary {
  readonly accounts: number;
  /** Directed: two for each pair of characters. */
  readonly follows: number;
  readonly posts: number;
  readonly replies: number;
  readonly likes: number;
  /** Pictures on posts. */
  readonly pictures: number;
}

// Writes that arrive together are committed together; more at once gain nothing.
const writesAtOnce = 100;

/** Characters who appear together this often like each other's posts. */
const likingWeight = 4;

async function loadAccounts(deps: Deps, plan: DemoPlan, password: string): Promise<void> {
  // All share one password, and so one hash, computed once.
  const passwordHash = await deps.passwords.hash(password);
  const passwords = { ...deps.passwords, hash: async () => passwordHash };
  await forEachConcurrently(plan.accounts, writesAtOnce, async ({ accountId, handle, displayName, at }) => {
    const then = { ...deps, passwords, clock: { now: () => at } };
    await createAccount(then, { accountId, handle, displayName, password, userAgent: null });
    // The account may exist from an interrupted load, with a password that was never shown.
    await deps.accounts.setPasswordHash(accountId, passwordHash);
    await deps.sessions.deleteByAccount(accountId);
  });
}

type AccountIdOf = (handle: string) => string;

const follows = coappearances.flatMap(({ a, b }) => [[a, b] as const, [b, a] as const]);

const loadFollows = (deps: Deps, accountIdOf: AccountIdOf): Promise<void> =>
  forEachConcurrently(follows, writesAtOnce, ([follower, followee]) =>
    followAccount(deps, accountIdOf(follower), accountIdOf(followee)),
  );

/** Loads the posts, their replies and their likes. */
async function loadConversations(
  deps: Deps,
  plan: DemoPlan,
  accountIdOf: AccountIdOf,
): Promise<Pick<DemoSummary, 'posts' | 'replies' | 'likes'>> {
  await forEachConcurrently(plan.posts, writesAtOnce, ({ postId, by, text, picture, at }) =>
    createPost(
      { ...deps, clock: { now: () => at } },
      {
        postId,
        authorId: accountIdOf(by),
        text,
        visibility: 'public',
        mediaIds: picture ? [picture.mediaId] : [],
      },
    ),
  );

  const replies = plan.posts.flatMap(({ postId, replies }) => replies.map((reply) => ({ ...reply, postId })));
  await forEachConcurrently(replies, writesAtOnce, ({ replyId, postId, by, text, at }) =>
    createReply(
      { ...deps, clock: { now: () => at } },
      { replyId, postId, authorId: accountIdOf(by), text, mediaIds: [] },
    ),
  );

  const likes = plan.posts.flatMap(({ postId, by }) =>
    coappearances
      .filter(({ a, b, weight }) => weight >= likingWeight && (a === by || b === by))
      .map(({ a, b }) => ({ postId, by: a === by ? b : a })),
  );
  await forEachConcurrently(likes, writesAtOnce, ({ postId, by }) =>
    like(deps, accountIdOf(by), 'post', postId),
  );
  return { posts: plan.posts.length, replies: replies.length, likes: likes.length };
}

/**
 * Loads the characters of Les Misérables, who follow those they appear with; not yet their avatars. Repeating it with
 * the same `startedAt` is harmless.
 */
export async function loadDemo(deps: Deps, { password, startedAt }: DemoOptions): Promise<DemoSummary> {
  const plan = planDemo(startedAt);
  const accountIds = new Map(plan.accounts.map(({ handle, accountId }) => [handle, accountId]));
  const accountIdOf = (handle: string): string => {
    const accountId = accountIds.get(handle);
    if (accountId === undefined) throw new Error(`the demo has no account ${handle}`);
    return accountId;
  };

  let pictures = 0;
  const loadGraph = async (): Promise<void> => {
    await loadAccounts(deps, plan, password);
    await loadFollows(deps, accountIdOf);
  };
  const loadPictures = async (): Promise<void> => {
    pictures = await loadLandscapes(deps, plan, accountIdOf);
  };
  // Another process works on the pictures meanwhile.
  await forEachConcurrently([loadPictures, loadGraph], 2, (load) => load());
  return {
    accounts: plan.accounts.length,
    follows: follows.length,
    ...(await loadConversations(deps, plan, accountIdOf)),
    pictures,
  };
}
