import type { AccountStore } from '../accounts/account-store.ts';
import type { Clock } from '../clock.ts';
import { firstIdAt } from '../ids/ids.ts';
import type { PostStore } from '../posts/post-store.ts';

/** Accounts to recommend to people who follow nobody yet. */
export interface PopularAccounts {
  /** At most 200 accounts that posted recently, by follower count, then newest post first. */
  list(): Promise<readonly string[]>;
}

const listedMax = 200;
const postsRead = 1_000;
const keptMs = 7 * 86_400_000;
const freshMs = 60_000;
// On a new instance every account matters, and the list is very cheap.
const freshWhileShortMs = 5_000;
const shortLength = 50;

/**
 * The list consists of the authors of the newest 1,000 public posts, and of accounts from the previous list that posted
 * within a week: on a busy instance 1,000 posts span minutes. It is rebuilt at most once a minute, from one page of an
 * index and one read of accounts.
 */
export function createPopularAccounts(deps: {
  readonly posts: Pick<PostStore, 'listPublic'>;
  readonly accounts: Pick<AccountStore, 'findMany'>;
  readonly clock: Clock;
}): PopularAccounts {
  let ranked: readonly string[] = [];
  let newestPosts: ReadonlyMap<string, string> = new Map();
  let freshUntil = Number.NEGATIVE_INFINITY;
  let loading: Promise<void> | undefined;

  const load = async (): Promise<void> => {
    const candidates = new Map<string, string>();
    for (const { authorId, postId } of await deps.posts.listPublic({ limit: postsRead })) {
      if (!candidates.has(authorId)) candidates.set(authorId, postId);
    }
    const keptFrom = firstIdAt(deps.clock.now() - keptMs);
    for (const [accountId, postId] of newestPosts) {
      if (postId >= keptFrom && !candidates.has(accountId)) candidates.set(accountId, postId);
    }
    const accounts = await deps.accounts.findMany([...candidates.keys()]);
    const best = [...candidates]
      .flatMap(([accountId, postId]) => {
        const account = accounts.get(accountId);
        return account?.status === 'active' ? [{ accountId, postId, followers: account.followerCount }] : [];
      })
      .sort((a, b) => b.followers - a.followers || (a.postId < b.postId ? 1 : -1))
      .slice(0, listedMax);
    newestPosts = new Map(best.map(({ accountId, postId }) => [accountId, postId]));
    ranked = best.map(({ accountId }) => accountId);
    freshUntil = deps.clock.now() + (ranked.length < shortLength ? freshWhileShortMs : freshMs);
  };

  return {
    async list() {
      if (deps.clock.now() < freshUntil) return ranked;
      loading ??= load().finally(() => {
        loading = undefined;
      });
      await loading;
      return ranked;
    },
  };
}
