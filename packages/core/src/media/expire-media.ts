import type { Deps } from '../engine.ts';
import type { MediaRecord } from './media-record.ts';
import { isHeld, keepHeldMedia, type SyncMediaDeps } from './sync-media.ts';

type ExpireMediaDeps = SyncMediaDeps & Pick<Deps, 'clock' | 'jobs'>;

const chunk = 100;
// The maximum work of one round. The next round does the rest.
const chunksMax = 50;

async function expire(deps: ExpireMediaDeps, record: MediaRecord, now: number): Promise<void> {
  const { mediaId, target } = record;
  if (target !== null && (await isHeld(deps, mediaId, target))) {
    await keepHeldMedia(deps, target);
    return;
  }
  await deps.media.remove([mediaId], { at: now, only: { expiredBefore: now } });
}

/**
 * Removes uploads that were not attached in time, and attachments whose post, reply or account never came to hold them.
 * Idempotent: several processes may run it concurrently. Resolves to the number of records that were examined.
 */
export async function expireMedia(deps: ExpireMediaDeps): Promise<number> {
  const now = deps.clock.now();
  let count = 0;
  for (let round = 0; round < chunksMax; round++) {
    const due = await deps.media.listDue(now, chunk);
    count += due.length;
    const removed = due.filter(({ state }) => state === 'removed').map(({ mediaId }) => mediaId);
    if (removed.length > 0)
      await deps.jobs.enqueue(removed.map((mediaId) => ({ name: 'purgeMedia', mediaId })));
    for (const record of due) if (record.state !== 'removed') await expire(deps, record, now);
    // Removed records stay due until they are purged: another query would only find them again.
    if (due.length < chunk || removed.length > 0) break;
  }
  return count;
}

/** Removes the previous avatars and banners of an account. */
export async function removeReplacedProfileMedia(
  deps: SyncMediaDeps & Pick<Deps, 'clock'>,
  accountId: string,
): Promise<void> {
  for (const kind of ['avatar', 'banner'] as const) {
    const target = { kind, accountId } as const;
    await keepHeldMedia(deps, target);
    const mediaIds = await deps.media.listByTarget(target);
    if (mediaIds.length === 0) continue;
    const current = (await deps.accounts.findMany([accountId])).get(accountId)?.[kind]?.mediaId;
    const replaced = mediaIds.filter((mediaId) => mediaId !== current);
    // Skips media that are being attached right now.
    if (replaced.length > 0) await deps.media.remove(replaced, { at: deps.clock.now(), only: 'kept' });
  }
}
