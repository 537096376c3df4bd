import type { MediaSnapshot } from '@twite/core/media/media-record';

/**
 * Replaces the media of a post or reply. No event follows that would let the relay invalidate caches if this process
 * dies first, so the same write marks the document for the sweep of counts, which invalidates them too.
 */
export const settingMedia = (media: readonly MediaSnapshot[]) => ({
  $set: { media, dirty: true as const },
  $addToSet: { dirtyCounts: 'likeCount' },
  $inc: { dirtyMarks: 1 },
});

/** Matches a post or reply that still has all of these media. */
export const havingMedia = (media: readonly MediaSnapshot[]) =>
  media.length === 0 ? {} : { 'media.mediaId': { $all: media.map(({ mediaId }) => mediaId) } };
