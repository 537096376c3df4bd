import type { MediaRecord, MediaTarget } from '@twite/core/media/media-record';
import type { Changing, MediaDoc } from './documents.ts';

/** The fields that `attach` needs to undo its work. */
type Attaching = 'attachId' | 'unattachedExpiresAt';

/** The fields of a medium that the catalogue reads. */
export const mediaFields = {
  ownerId: 1,
  kind: 1,
  state: 1,
  main: 1,
  width: 1,
  height: 1,
  durationMs: 1,
  altText: 1,
  focus: 1,
  thumbhash: 1,
  variants: 1,
  sourceKey: 1,
  keys: 1,
  storedBytes: 1,
  createdAt: 1,
  rev: 1,
  targetId: 1,
  targetPostId: 1,
  expiresAt: 1,
} as const satisfies { readonly [F in Exclude<keyof MediaDoc, '_id' | keyof Changing | Attaching>]: 1 };

export type MediaFields = Pick<MediaDoc, '_id' | keyof typeof mediaFields>;

/** Encodes the target as one text, which is indexed. */
export function targetIdOf(target: MediaTarget): string {
  switch (target.kind) {
    case 'post':
      return `post:${target.postId}`;
    case 'reply':
      return `reply:${target.replyId}`;
    default:
      return `${target.kind}:${target.accountId}`;
  }
}

/** How a document stores a target. */
export function storedTarget(target: MediaTarget | null): Pick<MediaDoc, 'targetId' | 'targetPostId'> {
  if (target === null) return {};
  return {
    targetId: targetIdOf(target),
    ...('postId' in target ? { targetPostId: target.postId } : {}),
  };
}

function targetOf(targetId: string | undefined, targetPostId: string | undefined): MediaTarget | null {
  if (targetId === undefined) return null;
  const [kind = '', id = ''] = targetId.split(':');
  if (kind === 'avatar' || kind === 'banner') return { kind, accountId: id };
  if (kind === 'reply') return { kind, postId: targetPostId ?? '', replyId: id };
  return { kind: 'post', postId: id };
}

export const toMediaRecord = ({
  _id,
  targetId,
  targetPostId,
  expiresAt,
  ...fields
}: MediaFields): MediaRecord =>
  Object.freeze({
    mediaId: _id,
    ...fields,
    target: targetOf(targetId, targetPostId),
    expiresAt: expiresAt ?? null,
  });
