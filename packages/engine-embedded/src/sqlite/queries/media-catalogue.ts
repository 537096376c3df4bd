import type { Statements } from '../statements.ts';

/** Reads an index entry per medium. */
export const sumMediaBytes = (read: Statements): number =>
  read.get<{ bytes: number }>(
    'SELECT coalesce(sum(stored_bytes), 0) AS bytes FROM media INDEXED BY media_by_owner',
  )?.bytes ?? 0;
