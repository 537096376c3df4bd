import type { TimelineCache } from '@twite/core/timelines/timeline-cache';
import type { Metrics } from '@twite/process/metrics/create-metrics';
import { secondsSincePost } from './seconds-since-post.ts';

/** The timelines as workers push to them, counted and timed. */
export function measureTimelines(
  { counter, histogram }: Pick<Metrics, 'counter' | 'histogram'>,
  timelines: TimelineCache,
  now: () => number = Date.now,
): TimelineCache {
  const pushes = counter('twite_timeline_pushes_total');
  const delay = histogram('twite_post_delivery_delay_seconds');
  return {
    read: (...args) => timelines.read(...args),
    async push(postId, accountIds) {
      const reached = await timelines.push(postId, accountIds);
      if (reached > 0) {
        pushes({}, reached);
        const seconds = secondsSincePost(postId, now());
        if (seconds !== undefined) delay({}, seconds);
      }
      return reached;
    },
    beginRebuild: (...args) => timelines.beginRebuild(...args),
    completeRebuild: (...args) => timelines.completeRebuild(...args),
    isReady: (...args) => timelines.isReady(...args),
    merge: (...args) => timelines.merge(...args),
    remove: (...args) => timelines.remove(...args),
    drop: (...args) => timelines.drop(...args),
  };
}
