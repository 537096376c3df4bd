import type { Deps } from '../engine.ts';
import type { MediaRecord, MediaSnapshot, MediaTarget } from './media-record.ts';
import { avatarSnapshotOf, isSameMedia, snapshotOf } from './present-media.ts';

export type SyncMediaDeps = Pick<Deps, 'media' | 'posts' | 'replies' | 'accounts'>;

/** Something that holds snapshots of media. */
interface Holder {
  readonly snapshots: readonly MediaSnapshot[];
  write(snapshots: readonly MediaSnapshot[]): Promise<unknown>;
  /** Reduces a snapshot to what it stores. Default: the whole snapshot. */
  readonly shorten?: (snapshot: MediaSnapshot) => MediaSnapshot;
}

async function findHolder(deps: SyncMediaDeps, target: MediaTarget): Promise<Holder | undefined> {
  if (target.kind === 'post') {
    const { postId } = target;
    const post = (await deps.posts.findMany([postId])).get(postId);
    return post && { snapshots: post.media, write: (media) => deps.posts.setMedia(postId, media) };
  }
  if (target.kind === 'reply') {
    const { replyId } = target;
    const reply = (await deps.replies.findMany([replyId])).get(replyId);
    return reply && { snapshots: reply.media, write: (media) => deps.replies.setMedia(replyId, media) };
  }
  const { kind, accountId } = target;
  const account = (await deps.accounts.findMany([accountId])).get(accountId);
  if (!account) return undefined;
  const snapshot = account[kind];
  return {
    snapshots: snapshot === null ? [] : [snapshot],
    write: async ([media = null]) =>
      snapshot !== null && (await deps.accounts.replacePicture(accountId, kind, snapshot.mediaId, media)),
    ...(kind === 'avatar' ? { shorten: avatarSnapshotOf } : {}),
  };
}

/** Whether the target durably refers to the medium. */
export async function isHeld(deps: SyncMediaDeps, mediaId: string, target: MediaTarget): Promise<boolean> {
  const holder = await findHolder(deps, target);
  return holder?.snapshots.some((snapshot) => snapshot.mediaId === mediaId) ?? false;
}

// Two runs that each write the state of a different time converge within a few rounds.
const roundsMax = 10;

/**
 * Updates the snapshots in a medium's target from the records, and drops those of removed media. Reads everything again
 * after a write, so that the last write of concurrent runs matches the records.
 */
export async function syncTarget(
  deps: SyncMediaDeps,
  target: MediaTarget,
): Promise<readonly MediaSnapshot[]> {
  for (let round = 0; ; round++) {
    const holder = await findHolder(deps, target);
    if (!holder || holder.snapshots.length === 0) return [];
    const { snapshots, write, shorten = (snapshot) => snapshot } = holder;
    const records = await deps.media.findMany(snapshots.map(({ mediaId }) => mediaId));
    const current = snapshots.flatMap(({ mediaId }) => {
      const record = records.get(mediaId);
      const snapshot = record && snapshotOf(record);
      return snapshot ? [shorten(snapshot)] : [];
    });
    const isCurrent = snapshots.every((snapshot, index) => isSameMedia(snapshot, current[index] ?? null));
    if (isCurrent || round === roundsMax) return current;
    await write(current);
  }
}

/** Like `syncTarget`, for a medium that may be unattached. */
export async function syncMedia(deps: SyncMediaDeps, record: Pick<MediaRecord, 'target'>): Promise<void> {
  if (record.target !== null) await syncTarget(deps, record.target);
}

/** Runs `keepMedia` for the media that a target holds now. */
export async function keepHeldMedia(
  deps: SyncMediaDeps,
  target: MediaTarget,
): Promise<readonly MediaSnapshot[]> {
  const holder = await findHolder(deps, target);
  return holder ? keepMedia(deps, target, holder.snapshots) : [];
}

/**
 * Runs `keepMedia` for a post or reply after its `insert`. One that already existed may have been deleted since, and
 * then holds nothing.
 */
export async function keepInserted(
  deps: SyncMediaDeps,
  target: MediaTarget,
  snapshots: readonly MediaSnapshot[],
  result: 'inserted' | 'exists',
): Promise<readonly MediaSnapshot[]> {
  if (snapshots.length === 0) return [];
  return result === 'inserted' ? keepMedia(deps, target, snapshots) : keepHeldMedia(deps, target);
}

/**
 * Makes attachments permanent if their target durably holds them, and updates the target's snapshots: a medium may have
 * changed since they were taken. Resolves to the current snapshots.
 */
async function keepMedia(
  deps: SyncMediaDeps,
  target: MediaTarget,
  snapshots: readonly MediaSnapshot[],
): Promise<readonly MediaSnapshot[]> {
  if (snapshots.length === 0) return [];
  await deps.media.keep(
    snapshots.map(({ mediaId }) => mediaId),
    target,
  );
  return syncTarget(deps, target);
}
