import { ContractError, type Media } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { unlessAway } from '../unavailable.ts';
import { findOwnMedia } from './get-media.ts';
import type { MediaChanges } from './media-catalogue.ts';
import type { Focus, MediaRecord } from './media-record.ts';
import { presentMedia } from './present-media.ts';
import { giveKeys, putFiles } from './store-files.ts';
import { type SyncMediaDeps, syncMedia } from './sync-media.ts';

type UpdateMediaDeps = SyncMediaDeps & Pick<Deps, 'blobs' | 'mediaProcessor' | 'mediaUrl'>;

const isSquare = ({ name }: { readonly name: string }): boolean => name.startsWith('square');

/**
 * Squares that were replaced stay for a while: a post that is being written may hold them until it is synchronised. Of
 * more than so many, the oldest are deleted.
 */
const replacedKeysMax = 16;

/** Crops the squares again; answers what changes. */
async function cropAgain(deps: UpdateMediaDeps, record: MediaRecord, focus: Focus): Promise<MediaChanges> {
  const large = record.variants.find(({ name }) => name === 'large');
  if (!large || !record.variants.some(isSquare)) return { focus };
  const blob = await deps.blobs.get(large.key);
  if (!blob) throw new ContractError('media_not_found');
  await using squares = await deps.mediaProcessor.cropSquares(blob.content, focus);
  const keyed = giveKeys(squares);
  if (!(await deps.media.addKeys(record.mediaId, keyed.keys))) throw new ContractError('media_not_found');
  await putFiles(deps, keyed);
  const variants = [...record.variants.filter((variant) => !isSquare(variant)), ...keyed.variants];
  const used = new Set([...record.variants, ...variants].map(({ key }) => key));
  const replaced = record.keys.filter((key) => !used.has(key));
  return {
    focus,
    variants,
    storedBytes: record.storedBytes + keyed.storedBytes,
    droppedKeys: replaced.slice(0, Math.max(0, replaced.length - replacedKeysMax)),
  };
}

/** Changes what is given. A new focus crops the squares again, at new URLs. Throws `media_not_found`. */
export async function updateMedia(
  deps: UpdateMediaDeps,
  viewerId: string,
  mediaId: string,
  input: { readonly altText?: string | undefined; readonly focus?: Focus | undefined },
): Promise<Media> {
  const { record } = await findOwnMedia(deps, viewerId, mediaId);
  const { altText, focus } = input;
  const moved = focus !== undefined && (focus.x !== record.focus.x || focus.y !== record.focus.y);
  const changes: MediaChanges = {
    ...(moved ? await cropAgain(deps, record, focus) : {}),
    ...(altText === undefined ? {} : { altText }),
  };
  if (Object.keys(changes).length > 0) {
    if (!(await deps.media.update(mediaId, changes))) throw new ContractError('media_not_found');
    // The event does the same: this is for whoever reads next.
    await syncMedia(deps, record);
    // Should it fail, `pruneObjects` finds them.
    await unlessAway(deps.blobs.delete(changes.droppedKeys ?? []), () => undefined);
  }
  const { snapshot } = await findOwnMedia(deps, viewerId, mediaId);
  return presentMedia(deps.mediaUrl, snapshot);
}
