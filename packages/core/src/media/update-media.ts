import { ContractError, type Media } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { findOwnMedia } from './find-own-media.ts';
import type { MediaChanges } from './media-catalogue.ts';
import type { Focus, MediaRecord } from './media-record.ts';
import { isSquare, presentMedia } from './present-media.ts';
import { deleteUnknownFiles, giveKeys, putFiles } from './store-files.ts';
import { type SyncMediaDeps, syncMedia } from './sync-media.ts';

type UpdateMediaDeps = SyncMediaDeps & Pick<Deps, 'blobs' | 'mediaProcessor' | 'mediaUrl'>;

/**
 * Replaced squares are kept for a while: a post that is being written may hold them until it is synchronised. Beyond
 * this number, the oldest are deleted.
 */
const replacedKeysMax = 16;

/** Crops the squares again. Returns the changes, and the keys of the stored objects. */
async function cropAgain(
  deps: UpdateMediaDeps,
  record: MediaRecord,
  focus: Focus,
): Promise<{ readonly changes: MediaChanges; readonly stored: readonly string[] }> {
  const large = record.variants.find(({ name }) => name === 'large');
  if (!large || !record.variants.some(isSquare)) return { changes: { focus }, stored: [] };
  const blob = await deps.blobs.get(large.key);
  if (!blob) throw new ContractError('media_not_found');
  await using squares = await deps.mediaProcessor.cropSquares(blob.content, focus);
  const keyed = giveKeys(squares);
  if (!(await deps.media.addKeys(record.mediaId, keyed.keys))) throw new ContractError('media_not_found');
  await putFiles(deps, keyed);
  const variants = [...record.variants.filter((variant) => !isSquare(variant)), ...keyed.variants];
  const shown = new Map(
    [...variants, ...(record.main ? [record.main] : [])].map(({ key, bytes }) => [key, bytes]),
  );
  const used = new Set([...record.variants, ...variants].map(({ key }) => key));
  const replaced = record.keys.filter((key) => !used.has(key));
  const changes = {
    focus,
    variants,
    // Replaced squares are few, small and short-lived, so they do not count.
    storedBytes: [...shown.values()].reduce((sum, bytes) => sum + bytes, 0),
    droppedKeys: replaced.slice(0, Math.max(0, replaced.length - replacedKeysMax)),
  };
  return { changes, stored: keyed.keys };
}

/** Makes one attempt. Returns false when many concurrent changes dropped the squares that it stored. */
async function tryToUpdate(
  deps: UpdateMediaDeps,
  record: MediaRecord,
  { altText, focus }: MediaInput,
): Promise<boolean> {
  const moved = focus !== undefined && (focus.x !== record.focus.x || focus.y !== record.focus.y);
  const { changes: cropped, stored } = moved
    ? await cropAgain(deps, record, focus)
    : { changes: {}, stored: [] };
  const changes: MediaChanges = { ...cropped, ...(altText === undefined ? {} : { altText }) };
  if (Object.keys(changes).length === 0) return true;
  if (!(await deps.media.update(record.mediaId, changes))) {
    await deleteUnknownFiles(deps, stored);
    return false;
  }
  // The consumer of the event does the same. Doing it here makes the next read current.
  await syncMedia(deps, record);
  await deleteUnknownFiles(deps, changes.droppedKeys ?? []);
  return true;
}

export interface MediaInput {
  readonly altText?: string | undefined;
  readonly focus?: Focus | undefined;
}

const attemptsMax = 5;

/** Changes the given fields. A new focus crops the squares again, at new URLs. Throws `media_not_found`. */
export async function updateMedia(
  deps: UpdateMediaDeps,
  viewerId: string,
  mediaId: string,
  input: MediaInput,
): Promise<Media> {
  for (let attempt = 0; attempt < attemptsMax; attempt++) {
    const { record } = await findOwnMedia(deps, viewerId, mediaId);
    if (await tryToUpdate(deps, record, input)) {
      const { snapshot } = await findOwnMedia(deps, viewerId, mediaId);
      return presentMedia(deps.mediaUrl, snapshot);
    }
    // A failed video cannot be changed.
    if (record.state === 'failed') break;
  }
  throw new ContractError('media_not_found');
}
