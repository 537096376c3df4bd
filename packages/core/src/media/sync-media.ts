import type { Deps } from '../engine.ts';
import type { MediaRecord, MediaSnapshot, MediaTarget } from './media-record.ts';
import { avatarSnapshotOf, isSameMedia, snapshotOf } from './present-media.ts';

export type SyncMediaDeps = Pick<Deps, 'media' | 'posts' | 'replies' | 'accounts'>;

/** Something that keeps snapshots of media. */
interface Holder {
  readonly snapshots: readonly MediaSnapshot[];
  write(snapshots: readonly MediaSnapshot[]): Promise<unknown>;
  /** What it keeps of a medium; by default all. */
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

// Two runs that each write the state of a different moment settle within a few rounds.
const roundsMax = 10;

/**
 * Brings the snapshots of whatever a medium is attached to up to date with its record, and drops those of removed media.
 * Reads all again after it wrote, so that of several runs at once the last write holds what the records say.
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

/** The same for a medium that may be attached to nothing. */
export async function syncMedia(deps: SyncMediaDeps, record: Pick<MediaRecord, 'target'>): Promise<void> {
  if (record.target !== null) await syncTarget(deps, record.target);
}

/** `keepMedia` for whatever a target holds by now. */
export async function keepHeldMedia(
  deps: SyncMediaDeps,
  target: MediaTarget,
): Promise<readonly MediaSnapshot[]> {
  const holder = await findHolder(deps, target);
  return holder ? keepMedia(deps, target, holder.snapshots) : [];
}

/** `keepMedia` for a post or reply after its `insert`: one that exists may have been deleted since, and holds nothing then. */
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
 * Makes attachments last whose target durably holds them, and brings its snapshots up to date: a medium may have changed
 * since they were taken. Resolves to what is shown now.
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
