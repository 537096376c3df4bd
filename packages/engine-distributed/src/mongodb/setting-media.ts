import type { MediaSnapshot } from '@twite/core/media/media-record';

/**
 * Replaces the media of a post or reply. No event follows, by which the relay would invalidate caches should this process
 * die before it does: so the document is marked, in the same write, for the sweep of counts, which invalidates them too.
 */
export const settingMedia = (media: readonly MediaSnapshot[]) => ({
  $set: { media, dirty: true as const },
  $addToSet: { dirtyCounts: 'likeCount' },
  $inc: { dirtyMarks: 1 },
});

/** Whether a post or reply still has all of these, in MongoDB's words. */
export const havingMedia = (media: readonly MediaSnapshot[]) =>
  media.length === 0 ? {} : { 'media.mediaId': { $all: media.map(({ mediaId }) => mediaId) } };
