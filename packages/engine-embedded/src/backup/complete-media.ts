import type { DatabaseSync } from 'node:sqlite';
import type { MediaRecord, MediaSnapshot, MediaTarget } from '@twite/core/media/media-record';
import { avatarSnapshotOf, snapshotOf } from '@twite/core/media/present-media';
import { type MediaRow, mediaColumns, toMediaRecord } from '../sqlite/media-rows.ts';
import { mediaJson, parseMedia, parseSnapshot } from '../sqlite/stored-media.ts';

/** Columns about what is stored of a medium, without its target. */
const stored = [
  'state',
  'main',
  'width',
  'height',
  'duration_ms',
  'alt_text',
  'focus_x',
  'focus_y',
  'thumbhash',
  'variants',
  'source_key',
  'stored_bytes',
  'rev',
] as const;

export function findRecord(db: DatabaseSync, mediaId: string): MediaRecord | undefined {
  const row = db.prepare(`SELECT ${mediaColumns} FROM media WHERE media_id = ?`).get(mediaId);
  return row && toMediaRecord({ ...(row as unknown as MediaRow) });
}

/**
 * Updates a record of the copy from the original database, because its objects were deleted since the copy. Returns the
 * updated record, or undefined if it no longer exists.
 */
export function refreshRecord(
  copy: DatabaseSync,
  live: DatabaseSync,
  mediaId: string,
): MediaRecord | undefined {
  const row = live.prepare(`SELECT ${stored.join(', ')} FROM media WHERE media_id = ?`).get(mediaId);
  if (row === undefined || row.state === 'removed') return undefined;
  const keys = live
    .prepare('SELECT key FROM media_keys WHERE media_id = ? ORDER BY place')
    .all(mediaId)
    .map(({ key }) => String(key));
  copy
    .prepare(`UPDATE media SET ${stored.map((column) => `${column} = ?`).join(', ')} WHERE media_id = ?`)
    .run(...stored.map((column) => row[column] ?? null), mediaId);
  copy.prepare('DELETE FROM media_keys WHERE media_id = ?').run(mediaId);
  const insert = copy.prepare('INSERT OR REPLACE INTO media_keys (key, media_id, place) VALUES (?, ?, ?)');
  for (const [place, key] of keys.entries()) insert.run(key, mediaId, place + 1);
  const record = findRecord(copy, mediaId);
  const snapshot = record && snapshotOf(record);
  if (record?.target && snapshot) setSnapshot(copy, record.target, mediaId, snapshot);
  return record;
}

/** Marks a medium of the copy as removed, as in the original database since: nothing may refer to it any more. */
export function removeRecord(copy: DatabaseSync, { mediaId, target }: MediaRecord): void {
  copy
    .prepare(`UPDATE media SET state = 'removed', expires_at = ? WHERE media_id = ?`)
    .run(Date.now(), mediaId);
  if (target) setSnapshot(copy, target, mediaId, null);
}

const textOf = (value: unknown): string | null => (typeof value === 'string' ? value : null);

function setSnapshot(
  copy: DatabaseSync,
  target: MediaTarget,
  mediaId: string,
  snapshot: MediaSnapshot | null,
): void {
  if (target.kind === 'post' || target.kind === 'reply') {
    const [table, idColumn, id] =
      target.kind === 'post'
        ? (['posts', 'post_id', target.postId] as const)
        : (['replies', 'reply_id', target.replyId] as const);
    const row = copy.prepare(`SELECT media FROM ${table} WHERE ${idColumn} = ?`).get(id);
    if (row === undefined) return;
    const media = parseMedia(textOf(row.media)).flatMap((kept) =>
      kept.mediaId === mediaId ? (snapshot ?? []) : kept,
    );
    copy.prepare(`UPDATE ${table} SET media = ? WHERE ${idColumn} = ?`).run(mediaJson(media), id);
    return;
  }
  const { kind, accountId } = target;
  const row = copy.prepare(`SELECT ${kind} AS picture FROM accounts WHERE account_id = ?`).get(accountId);
  if (row === undefined || parseSnapshot(textOf(row.picture))?.mediaId !== mediaId) return;
  const picture = snapshot && kind === 'avatar' ? avatarSnapshotOf(snapshot) : snapshot;
  copy
    .prepare(`UPDATE accounts SET ${kind} = ?, rev = rev + 1 WHERE account_id = ?`)
    .run(picture && JSON.stringify(picture), accountId);
}
