import type { MediaHolder } from '@twite/core/media/compare-media';
import type { Statements } from './statements.ts';
import { parseMedia, parseSnapshot } from './stored-media.ts';

interface HolderRow {
  readonly id: string;
  readonly media: string | null;
  readonly avatar: string | null;
  readonly banner: string | null;
}

const pageSize = 200;

const pageOf = (table: string, id: string, columns: string, holds: string): string =>
  `SELECT ${id} AS id, ${columns} FROM ${table} WHERE ${id} > ? AND (${holds}) ORDER BY ${id} LIMIT ${pageSize}`;

const written = 'media, NULL AS avatar, NULL AS banner';
const pages = [
  pageOf('posts', 'post_id', written, 'media IS NOT NULL'),
  pageOf('replies', 'reply_id', written, 'media IS NOT NULL'),
  pageOf(
    'accounts',
    'account_id',
    'NULL AS media, avatar, banner',
    'avatar IS NOT NULL OR banner IS NOT NULL',
  ),
];

function toHolder({ id, media, avatar, banner }: HolderRow): MediaHolder {
  const snapshots = [...parseMedia(media), parseSnapshot(avatar), parseSnapshot(banner)];
  return { id, mediaIds: snapshots.flatMap((snapshot) => snapshot?.mediaId ?? []) };
}

/** Posts, replies and accounts that hold media. */
export async function* mediaHolders(read: Statements): AsyncGenerator<readonly MediaHolder[]> {
  for (const sql of pages) {
    for (let after = ''; ; ) {
      const rows = read.all<HolderRow>(sql, after);
      yield rows.map(toHolder);
      if (rows.length < pageSize) break;
      after = rows[rows.length - 1]?.id ?? '';
    }
  }
}
