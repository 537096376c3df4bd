import { idTime } from '@twite/core/ids/ids';
import type { TimelineCache } from '@twite/core/timelines/timeline-cache';
import type { Metrics } from '@twite/process/metrics';

/** The timelines as workers push to them, counted and timed. */
export function measureTimelines(
  metrics: Metrics,
  timelines: TimelineCache,
  now: () => number = Date.now,
): TimelineCache {
  const delivered = metrics.counter(
    'twite_timeline_deliveries_total',
    'Ids that were pushed into timelines by fan-out.',
    'by',
  );
  const visible = metrics.timer(
    'twite_post_visible_seconds',
    'From a post until it was pushed to a chunk of its followers.',
    'by',
  );
  return {
    read: (...args) => timelines.read(...args),
    async push(postId, accountIds) {
      const reached = await timelines.push(postId, accountIds);
      if (reached > 0) {
        delivered('fanOut', reached);
        visible('fanOut', Math.max(0, now() - idTime(postId).getTime()) / 1000);
      }
      return reached;
    },
    beginRebuild: (...args) => timelines.beginRebuild(...args),
    completeRebuild: (...args) => timelines.completeRebuild(...args),
    drop: (...args) => timelines.drop(...args),
  };
}
