import type { Deps } from '../engine.ts';
import type { MediaTarget } from './media-record.ts';
import { type SyncMediaDeps, syncMedia } from './sync-media.ts';

export type PurgeMediaDeps = SyncMediaDeps & Pick<Deps, 'blobs'>;

/**
 * Deletes the objects of removed media, then their records. Skips media that are not marked as removed. First drops the
 * snapshots of late writes that still show one; later writes find no record and drop it themselves.
 */
export async function purgeMedia(deps: PurgeMediaDeps, mediaIds: readonly string[]): Promise<void> {
  const removed = await deps.media.findRemoved(mediaIds);
  for (const record of removed) await syncMedia(deps, record);
  await deps.blobs.delete(removed.flatMap(({ keys }) => keys));
  await deps.media.erase(removed.map(({ mediaId }) => mediaId));
}

type RemoveDeps = Pick<Deps, 'media' | 'clock'>;

const chunk = 100;

/** Removes the media attached to a deleted post and to its replies. */
export async function removeMediaOfPost(deps: RemoveDeps, postId: string): Promise<void> {
  for (;;) {
    const mediaIds = await deps.media.listByPost(postId, chunk);
    if (mediaIds.length === 0) return;
    await deps.media.remove(mediaIds, { at: deps.clock.now() });
  }
}

/** Removes the media attached to a target that is gone. */
export async function removeMediaOfTarget(deps: RemoveDeps, target: MediaTarget): Promise<void> {
  const mediaIds = await deps.media.listByTarget(target);
  if (mediaIds.length > 0) await deps.media.remove(mediaIds, { at: deps.clock.now() });
}

/** Removes at most `limit` media of an account, and returns how many it removed. */
export async function removeMediaOfOwner(deps: RemoveDeps, ownerId: string, limit: number): Promise<number> {
  const mediaIds = await deps.media.listByOwner(ownerId, { limit });
  return mediaIds.length === 0 ? 0 : deps.media.remove(mediaIds, { at: deps.clock.now() });
}
