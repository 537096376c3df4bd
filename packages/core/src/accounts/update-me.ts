import { ContractError, type Me } from '@twite/contract';
import { type AttachDeps, attachMedia, notAttachable } from '../media/attach-media.ts';
import type { MediaSnapshot } from '../media/media-record.ts';
import { avatarSnapshotOf } from '../media/present-media.ts';
import { keepHeldMedia, type SyncMediaDeps } from '../media/sync-media.ts';
import { unlessAway } from '../unavailable.ts';
import type { AccountChanges } from './account-store.ts';
import { getMe } from './get-me.ts';
import type { PresentAccountDeps } from './present-account.ts';

export interface UpdateMeInput {
  readonly displayName?: string | undefined;
  readonly bio?: string | undefined;
  /** Null removes the avatar. */
  readonly avatarMediaId?: string | null | undefined;
  /** Null removes the banner. */
  readonly bannerMediaId?: string | null | undefined;
}

type UpdateMeDeps = PresentAccountDeps & AttachDeps & SyncMediaDeps;

const pictureKinds = ['image', 'animation'] as const;

/** Rejects a former avatar or banner, because it will be removed soon. */
async function refuseReplaced(
  deps: UpdateMeDeps,
  { kind, accountId }: { readonly kind: 'avatar' | 'banner'; readonly accountId: string },
  mediaId: string,
): Promise<void> {
  const record = (await deps.media.findMany([mediaId])).get(mediaId);
  if (record?.target?.kind !== kind || record.expiresAt !== null) return;
  const account = (await deps.accounts.findMany([accountId])).get(accountId);
  if (account?.[kind]?.mediaId !== mediaId) throw notAttachable([mediaId]);
}

/** Returns the snapshot to store, or undefined for no change. */
async function attachPicture(
  deps: UpdateMeDeps,
  accountId: string,
  kind: 'avatar' | 'banner',
  mediaId: string | null | undefined,
): Promise<MediaSnapshot | null | undefined> {
  if (mediaId === undefined || mediaId === null) return mediaId;
  const target = { kind, accountId } as const;
  await refuseReplaced(deps, target, mediaId);
  const [media] = await attachMedia(deps, {
    ownerId: accountId,
    mediaIds: [mediaId],
    target,
    kinds: pictureKinds,
  });
  if (media?.state !== 'ready') throw new ContractError('media_not_attachable');
  return kind === 'avatar' ? avatarSnapshotOf(media) : media;
}

/**
 * Changes the given fields only. The consumer of the change's event removes a replaced avatar or banner. Throws
 * `media_not_attachable`.
 */
export async function updateMe(deps: UpdateMeDeps, viewerId: string, input: UpdateMeInput): Promise<Me> {
  const { displayName, bio } = input;
  const avatar = await attachPicture(deps, viewerId, 'avatar', input.avatarMediaId);
  const banner = await attachPicture(deps, viewerId, 'banner', input.bannerMediaId);
  const changes: AccountChanges = {
    ...(displayName === undefined ? {} : { displayName }),
    ...(bio === undefined ? {} : { bio }),
    ...(avatar === undefined ? {} : { avatar }),
    ...(banner === undefined ? {} : { banner }),
  };
  if (Object.keys(changes).length > 0) await deps.accounts.update(viewerId, changes);
  // The clean-up after a later change removes only kept pictures, so that it spares those being attached. If this
  // fails, the event of the change does it.
  for (const kind of ['avatar', 'banner'] as const) {
    if (changes[kind]) await unlessAway(keepHeldMedia(deps, { kind, accountId: viewerId }), () => []);
  }
  return getMe(deps, viewerId);
}
