import { firstIdAt } from '@twite/core/ids/ids';
import type { WriteContext } from '../write-context.ts';

/** As long as the distributed engine keeps them. A request may be tried again for a day, by its idempotency key. */
const keptMs = 30 * 86_400_000;
/** An instance that never purged has many: the rest follows in the next hours. */
const purgedAtOnce = 10_000;

/** Forgets which posts and replies of over 30 days ago were deleted: no insert of then is tried again. */
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
