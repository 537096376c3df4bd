import type { MediaChanges, MediaRemoval, NewMedia, PublishedMedia } from '@twite/core/media/media-catalogue';
import type { MediaTarget } from '@twite/core/media/media-record';
import { targetColumns } from '../media-rows.ts';
import type { WriteContext } from '../write-context.ts';

export function reserveMedia(context: WriteContext, media: NewMedia): 'reserved' | 'exists' {
  const { mediaId, ownerId, kind, altText, focus, keys, storedBytes, createdAt, expiresAt } = media;
  const inserted = context.run(
    `INSERT INTO media (media_id, owner_id, kind, state, width, height, alt_text, focus_x, focus_y, variants,
       stored_bytes, created_at, expires_at)
     VALUES (?, ?, ?, 'uploading', 0, 0, ?, ?, ?, '[]', ?, ?, ?) ON CONFLICT (media_id) DO NOTHING`,
    mediaId,
    ownerId,
    kind,
    altText,
    focus.x,
    focus.y,
    storedBytes,
    createdAt,
    expiresAt,
  );
  if (inserted === 0) return 'exists';
  insertKeys(context, mediaId, keys);
  return 'reserved';
}

export function addMediaKeys(
  context: WriteContext,
  { mediaId, keys }: { mediaId: string; keys: readonly string[] },
): boolean {
  const found = context.get(`SELECT 1 FROM media WHERE media_id = ? AND state <> 'removed'`, mediaId);
  if (found === undefined) return false;
  insertKeys(context, mediaId, keys);
  return true;
}

function insertKeys(context: WriteContext, mediaId: string, keys: readonly string[]): void {
  for (const key of keys) {
    context.run(
      `INSERT INTO media_keys (key, media_id, place)
       VALUES (?1, ?2, (SELECT coalesce(max(place), 0) + 1 FROM media_keys WHERE media_id = ?2))
       ON CONFLICT (key) DO NOTHING`,
      key,
      mediaId,
    );
  }
}

export function publishMedia(
  context: WriteContext,
  { mediaId, published }: { mediaId: string; published: PublishedMedia },
): boolean {
  const { state, main, width, height, durationMs, thumbhash, variants, sourceKey, storedBytes } = published;
  const changed = context.run(
    `UPDATE media SET state = ?1, main = ?2, width = ?3, height = ?4, duration_ms = ?5, thumbhash = ?6, variants = ?7,
       source_key = ?8, stored_bytes = ?9, rev = rev + 1
     WHERE media_id = ?10 AND (
       (state = 'uploading' AND ?1 IN ('processing', 'ready')) OR
       (state = 'processing' AND ?1 IN ('ready', 'failed'))
     )`,
    state,
    main === null ? null : JSON.stringify(main),
    width,
    height,
    durationMs,
    thumbhash,
    JSON.stringify(variants),
    sourceKey,
    storedBytes,
    mediaId,
  );
  return changed > 0 && emitChange(context, mediaId);
}

export function attachMedia(
  context: WriteContext,
  {
    mediaIds,
    ownerId,
    target,
    expiresAt,
  }: { mediaIds: readonly string[]; ownerId: string; target: MediaTarget; expiresAt: number },
): string[] {
  const { targetKind, targetId, targetPostId } = targetColumns(target);
  const refused = mediaIds.filter((mediaId) => {
    const found = context.get(
      `SELECT 1 FROM media
       WHERE media_id = ? AND owner_id = ? AND state IN ('processing', 'ready')
         AND (target_id IS NULL OR (target_id = ? AND target_kind = ? AND target_post_id IS ?))`,
      mediaId,
      ownerId,
      targetId,
      targetKind,
      targetPostId,
    );
    return found === undefined;
  });
  if (refused.length > 0) return refused;
  for (const mediaId of mediaIds) {
    context.run(
      'UPDATE media SET target_kind = ?, target_id = ?, target_post_id = ?, expires_at = ? WHERE media_id = ?',
      targetKind,
      targetId,
      targetPostId,
      expiresAt,
      mediaId,
    );
  }
  return [];
}

export function keepMedia(
  context: WriteContext,
  { mediaIds, target }: { mediaIds: readonly string[]; target: MediaTarget },
): void {
  const { targetKind, targetId, targetPostId } = targetColumns(target);
  for (const mediaId of mediaIds) {
    context.run(
      `UPDATE media SET expires_at = NULL
       WHERE media_id = ? AND target_id = ? AND target_kind = ? AND target_post_id IS ? AND state <> 'removed'`,
      mediaId,
      targetId,
      targetKind,
      targetPostId,
    );
  }
}

export function updateMedia(
  context: WriteContext,
  { mediaId, changes }: { mediaId: string; changes: MediaChanges },
): boolean {
  const { altText, focus, variants, droppedKeys = [], storedBytes } = changes;
  for (const { key } of variants ?? []) {
    const known = context.get('SELECT 1 FROM media_keys WHERE key = ? AND media_id = ?', key, mediaId);
    if (known === undefined) return false;
  }
  const changed = context.run(
    `UPDATE media SET alt_text = coalesce(?, alt_text), focus_x = coalesce(?, focus_x), focus_y = coalesce(?, focus_y),
       variants = coalesce(?, variants), stored_bytes = coalesce(?, stored_bytes), rev = rev + 1
     WHERE media_id = ? AND state IN ('processing', 'ready')`,
    altText ?? null,
    focus?.x ?? null,
    focus?.y ?? null,
    variants === undefined ? null : JSON.stringify(variants),
    storedBytes ?? null,
    mediaId,
  );
  if (changed === 0) return false;
  for (const key of droppedKeys)
    context.run('DELETE FROM media_keys WHERE key = ? AND media_id = ?', key, mediaId);
  return emitChange(context, mediaId);
}

const conditions = {
  any: '?2 IS NULL',
  unattached: '?2 IS NULL AND target_id IS NULL',
  kept: '?2 IS NULL AND target_id IS NOT NULL AND expires_at IS NULL',
  expired: 'expires_at <= ?2',
} as const;

export function removeMedia(
  context: WriteContext,
  { mediaIds, at, only }: { mediaIds: readonly string[] } & MediaRemoval,
): number {
  const condition = only === undefined ? 'any' : typeof only === 'object' ? 'expired' : only;
  let count = 0;
  for (const mediaId of mediaIds) {
    const changed = context.run(
      `UPDATE media SET state = 'removed', expires_at = ?1
       WHERE media_id = ?3 AND state <> 'removed' AND ${conditions[condition]}`,
      at,
      typeof only === 'object' ? only.expiredBefore : null,
      mediaId,
    );
    if (changed === 0) continue;
    emitChange(context, mediaId);
    count++;
  }
  return count;
}

export function eraseMedia(context: WriteContext, { mediaIds }: { mediaIds: readonly string[] }): void {
  for (const mediaId of mediaIds) {
    const erased = context.run(`DELETE FROM media WHERE media_id = ? AND state = 'removed'`, mediaId);
    if (erased > 0) context.run('DELETE FROM media_keys WHERE media_id = ?', mediaId);
  }
}

function emitChange(context: WriteContext, mediaId: string): true {
  context.emit({ type: 'mediaChanged', mediaId });
  return true;
}
