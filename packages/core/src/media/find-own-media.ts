import { ContractError } from '@twite/contract';
import type { Deps } from '../engine.ts';
import type { MediaRecord, MediaSnapshot } from './media-record.ts';
import { snapshotOf } from './present-media.ts';

/** Finds a medium's record and its public part. Throws `media_not_found`. */
export async function findOwnMedia(
  deps: Pick<Deps, 'media'>,
  viewerId: string,
  mediaId: string,
): Promise<{ readonly record: MediaRecord; readonly snapshot: MediaSnapshot }> {
  const record = (await deps.media.findMany([mediaId])).get(mediaId);
  const snapshot = record && snapshotOf(record);
  if (!snapshot || record.ownerId !== viewerId) throw new ContractError('media_not_found');
  return { record, snapshot };
}
