import { firstIdAt } from '@twite/core/ids/ids';
import type { WriteContext } from '../write-context.ts';

/** The same time as in the distributed engine. A request may be retried for a day, by its idempotency key. */
const keptMs = 30 * 86_400_000;
/** An instance that never purged has many: the rest follows over the next hours. */
const purgedAtOnce = 10_000;

/**
 * Erases tombstones of posts and replies that were deleted over 30 days ago: no insert from that time is retried any
 * more.
 */
export function purgeTombstones(context: WriteContext, now: number): void {
  const before = firstIdAt(now - keptMs);
  for (const [table, key] of [
    ['deleted_posts', 'post_id'],
    ['deleted_replies', 'reply_id'],
  ]) {
    context.run(
      `DELETE FROM ${table} WHERE ${key} IN (SELECT ${key} FROM ${table} WHERE ${key} < ? ORDER BY ${key} LIMIT ${purgedAtOnce})`,
      before,
    );
  }
}
