import { ContractError } from '@twite/contract';
import type { Deps } from '../engine.ts';
import type { MediaKind, MediaSnapshot, MediaTarget } from './media-record.ts';
import { snapshotOf } from './present-media.ts';

export type AttachDeps = Pick<Deps, 'media' | 'clock'>;

// Longer than any request. After that, `expireMedia` checks whether the target holds the medium.
const provisionalMs = 60 * 60_000;

/**
 * Attaches media provisionally. `keepMedia` makes the attachment permanent once the target holds them. Resolves to what
 * the target stores of them, in the same order. Throws `media_not_attachable`, naming the ids.
 */
export async function attachMedia(
  deps: AttachDeps,
  attachment: {
    readonly ownerId: string;
    readonly mediaIds: readonly string[];
    readonly target: MediaTarget;
    /** Default: any. */
    readonly kinds?: readonly MediaKind[];
  },
): Promise<readonly MediaSnapshot[]> {
  const { ownerId, mediaIds, target, kinds } = attachment;
  if (mediaIds.length === 0) return [];
  if (kinds !== undefined) {
    const found = await deps.media.findMany(mediaIds);
    refuse(
      mediaIds.filter((mediaId) => {
        const record = found.get(mediaId);
        return !record || record.ownerId !== ownerId || !kinds.includes(record.kind);
      }),
    );
  }
  const expiresAt = deps.clock.now() + provisionalMs;
  refuse(await deps.media.attach(mediaIds, { ownerId, target, expiresAt }));
  const records = await deps.media.findMany(mediaIds);
  return mediaIds.map((mediaId) => {
    const record = records.get(mediaId);
    const snapshot = record && snapshotOf(record);
    if (!snapshot) throw new ContractError('media_not_attachable');
    return snapshot;
  });
}

function refuse(mediaIds: readonly string[]): void {
  if (mediaIds.length === 0) return;
  throw notAttachable(mediaIds);
}

export const notAttachable = (mediaIds: readonly string[]): ContractError =>
  new ContractError('media_not_attachable', {
    detail: `These media files do not exist, belong to another account, failed to process, have the wrong kind, or are already attached: ${mediaIds.join(', ')}.`,
  });
