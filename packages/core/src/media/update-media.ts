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

/** Crops the squares again; answers what changes, and the keys of the squares that they replace. */
async function cropAgain(
  deps: UpdateMediaDeps,
  record: MediaRecord,
  focus: Focus,
): Promise<{ readonly changes: MediaChanges; readonly replaced: readonly string[] }> {
  const large = record.variants.find(({ name }) => name === 'large');
  if (!large || !record.variants.some(isSquare)) return { changes: { focus }, replaced: [] };
  const blob = await deps.blobs.get(large.key);
  if (!blob) throw new ContractError('media_not_found');
  await using squares = await deps.mediaProcessor.cropSquares(blob.content, focus);
  const keyed = giveKeys(squares);
  if (!(await deps.media.addKeys(record.mediaId, keyed.keys))) throw new ContractError('media_not_found');
  await putFiles(deps, keyed);
  const others = record.variants.filter((variant) => !isSquare(variant));
  const kept = new Set([...others.map(({ key }) => key), record.main?.key]);
  const replaced = [...new Set(record.variants.map(({ key }) => key))].filter((key) => !kept.has(key));
  const removedBytes = record.variants
    .filter((variant, index, all) => all.findIndex(({ key }) => key === variant.key) === index)
    .filter(({ key }) => replaced.includes(key))
    .reduce((sum, { bytes }) => sum + bytes, 0);
  return {
    changes: {
      focus,
      variants: [...others, ...keyed.variants],
      keys: [...record.keys.filter((key) => !replaced.includes(key)), ...keyed.keys],
      storedBytes: record.storedBytes - removedBytes + keyed.storedBytes,
    },
    replaced,
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
  const { changes, replaced } = moved ? await cropAgain(deps, record, focus) : { changes: {}, replaced: [] };
  const all: MediaChanges = { ...changes, ...(altText === undefined ? {} : { altText }) };
  if (Object.keys(all).length > 0) {
    if (!(await deps.media.update(mediaId, all))) throw new ContractError('media_not_found');
    // The event does the same: this is for whoever reads next.
    await syncMedia(deps, record);
    // Should it fail, `prune` finds them.
    await unlessAway(deps.blobs.delete(replaced), () => undefined);
  }
  const { snapshot } = await findOwnMedia(deps, viewerId, mediaId);
  return presentMedia(deps.mediaUrl, snapshot);
}
