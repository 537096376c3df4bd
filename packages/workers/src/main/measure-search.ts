import { setTimeout as sleep } from 'node:timers/promises';
import type { SearchIndex } from '@twite/core/search/search-index';
import type { Metrics } from '@twite/process/metrics/create-metrics';
import { secondsSincePost } from './seconds-since-post.ts';

const lookEveryMs = 100;
/** What takes longer is reported as so long. */
const lookMsMax = 60_000;

/**
 * The index as the consumer writes to it; times how long it takes until posts can be found. `isSearchable` is for an index
 * that shows what was written some time later: of one post at a time it is asked until it says so.
 */
export function measureSearch(
  { histogram }: Pick<Metrics, 'histogram'>,
  search: SearchIndex,
  isSearchable?: (postId: string) => Promise<boolean>,
  now: () => number = Date.now,
): SearchIndex {
  const delay = histogram('twite_post_searchable_delay_seconds');
  const tell = (postId: string): void => {
    const seconds = secondsSincePost(postId, now());
    if (seconds !== undefined) delay({}, seconds);
  };
  let isLooking = false;
  const look = async (postId: string, find: (postId: string) => Promise<boolean>): Promise<void> => {
    const end = performance.now() + lookMsMax;
    isLooking = true;
    try {
      while (!(await find(postId)) && performance.now() < end)
        await sleep(lookEveryMs, undefined, { ref: false });
      tell(postId);
    } catch {
      // It is away: the consumer says so, and the next batch is looked for.
    } finally {
      isLooking = false;
    }
  };
  return {
    async indexPosts(posts) {
      await search.indexPosts(posts);
      if (isSearchable === undefined) {
        for (const { postId } of posts) tell(postId);
        return;
      }
      const recent = posts.find(({ postId }) => secondsSincePost(postId, now()) !== undefined);
      if (recent !== undefined && !isLooking) void look(recent.postId, isSearchable);
    },
    removePosts: (...args) => search.removePosts(...args),
    searchPosts: (...args) => search.searchPosts(...args),
    findFollowersPostAuthors: (...args) => search.findFollowersPostAuthors(...args),
    indexAccounts: (...args) => search.indexAccounts(...args),
    removeAccounts: (...args) => search.removeAccounts(...args),
    searchAccounts: (...args) => search.searchAccounts(...args),
  };
}
