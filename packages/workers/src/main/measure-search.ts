import { setTimeout as sleep } from 'node:timers/promises';
import type { SearchIndex } from '@twite/core/search/search-index';
import type { Metrics } from '@twite/process/metrics/create-metrics';
import { secondsSincePost } from './seconds-since-post.ts';

const lookEveryMs = 100;
/** Longer times are reported as this long. */
const lookMsMax = 60_000;

/**
 * The index as the consumer writes to it; measures how long it takes until posts are searchable. `isSearchable` is for
 * an index that shows writes with a delay: it is called for one post at a time until it returns true.
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
      // It is unavailable: the consumer reports that, and the next batch is measured.
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
