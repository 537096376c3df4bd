import type { MediaRecord, MediaTarget } from '@twite/core/media/media-record';
import { freezeAll } from './stored-media.ts';

/** A row of `media` with its keys, as `mediaColumns` selects it. */
export interface MediaRow
  extends Omit<MediaRecord, 'main' | 'variants' | 'keys' | 'focus' | 'target' | 'durationMs'> {
  readonly main: string | null;
  readonly variants: string;
  readonly keys: string;
  readonly durationMs: number | null;
  readonly focusX: number;
  readonly focusY: number;
  readonly targetKind: MediaTarget['kind'] | null;
  readonly targetId: string | null;
  readonly targetPostId: string | null;
}

export const mediaColumns = `media_id AS mediaId, owner_id AS ownerId, kind, state, main, width, height,
  duration_ms AS durationMs, alt_text AS altText, focus_x AS focusX, focus_y AS focusY, thumbhash, variants,
  source_key AS sourceKey, stored_bytes AS storedBytes, target_kind AS targetKind, target_id AS targetId,
  target_post_id AS targetPostId, expires_at AS expiresAt, created_at AS createdAt, rev,
  (SELECT json_group_array(key ORDER BY place) FROM media_keys WHERE media_keys.media_id = media.media_id) AS keys`;

interface TargetColumns {
  readonly targetKind: MediaTarget['kind'];
  readonly targetId: string;
  readonly targetPostId: string | null;
}

export function targetColumns(target: MediaTarget): TargetColumns {
  if (target.kind === 'post')
    return { targetKind: 'post', targetId: target.postId, targetPostId: target.postId };
  if (target.kind === 'reply')
    return { targetKind: 'reply', targetId: target.replyId, targetPostId: target.postId };
  return { targetKind: target.kind, targetId: target.accountId, targetPostId: null };
}

function toTarget({ targetKind, targetId, targetPostId }: MediaRow): MediaTarget | null {
  if (targetKind === null || targetId === null) return null;
  if (targetKind === 'post') return { kind: 'post', postId: targetId };
  if (targetKind === 'reply') return { kind: 'reply', postId: targetPostId ?? '', replyId: targetId };
  return { kind: targetKind, accountId: targetId };
}

export function toMediaRecord(row: MediaRow): MediaRecord {
  const { main, variants, keys, focusX, focusY, targetKind, targetId, targetPostId, ...rest } = row;
  return freezeAll({
    ...rest,
    main: main === null ? null : JSON.parse(main),
    variants: JSON.parse(variants),
    keys: JSON.parse(keys),
    focus: { x: focusX, y: focusY },
    target: toTarget(row),
  });
}
