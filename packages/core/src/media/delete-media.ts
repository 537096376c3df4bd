import { ContractError } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { unlessAway } from '../unavailable.ts';
import { findOwnMedia } from './find-own-media.ts';
import { type PurgeMediaDeps, purgeMedia } from './purge-media.ts';

/** Deletes an unattached medium of the viewer's own. Throws `media_not_found`, `media_attached`. */
export async function deleteMedia(
  deps: PurgeMediaDeps & Pick<Deps, 'clock'>,
  viewerId: string,
  mediaId: string,
): Promise<void> {
  await findOwnMedia(deps, viewerId, mediaId);
  const removed = await deps.media.remove([mediaId], { at: deps.clock.now(), only: 'unattached' });
  if (removed === 0) {
    await findOwnMedia(deps, viewerId, mediaId);
    throw new ContractError('media_attached');
  }
  // At once if possible; otherwise the event of the removal does it.
  await unlessAway(purgeMedia(deps, [mediaId]), () => undefined);
}
