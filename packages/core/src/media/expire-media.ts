import type { Deps } from '../engine.ts';
import type { MediaRecord } from './media-record.ts';
import { isHeld, keepMedia, type SyncMediaDeps } from './sync-media.ts';

type ExpireMediaDeps = SyncMediaDeps & Pick<Deps, 'clock' | 'jobs'>;

const chunk = 100;
// Work that one round does at most: the rest comes in the next one.
const chunksMax = 50;

async function expire(deps: ExpireMediaDeps, record: MediaRecord, now: number): Promise<void> {
  const { mediaId, target } = record;
  if (target !== null && (await isHeld(deps, mediaId, target))) {
    // It may have changed before the target held it, when nobody knew where to write its snapshot.
    await keepMedia(deps, target, [record]);
    return;
  }
  await deps.media.remove([mediaId], { at: now, only: { expiredBefore: now } });
}

/**
 * Removes uploads that nobody attached in time, and attachments whose post, reply or account never came to hold them.
 * Idempotent: several processes may do so at once. Resolves to how many records were looked at.
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
    // Removed records stay due until they are purged: asking again would only find them again.
    if (due.length < chunk || removed.length > 0) break;
  }
  return count;
}

/** Removes the avatars and banners that an account had before. */
export async function removeReplacedProfileMedia(
  deps: SyncMediaDeps & Pick<Deps, 'clock'>,
  accountId: string,
): Promise<void> {
  const account = (await deps.accounts.findMany([accountId])).get(accountId);
  for (const kind of ['avatar', 'banner'] as const) {
    const target = { kind, accountId } as const;
    const current = account?.[kind] ?? null;
    if (current !== null) await keepMedia(deps, target, [current]);
    const mediaIds = await deps.media.listByTarget(target);
    const replaced = mediaIds.filter((mediaId) => mediaId !== current?.mediaId);
    // Not those that are being attached at this moment.
    if (replaced.length > 0) await deps.media.remove(replaced, { at: deps.clock.now(), only: 'kept' });
  }
}
