import type { DatabaseSync } from 'node:sqlite';

/** The primary data, without derived or pending data. */
const tables = [
  'accounts',
  'sessions',
  'tokens',
  'posts',
  'replies',
  'likes',
  'follows',
  'blocks',
  'mutes',
  'audit_log',
  'media',
] as const;

export function countRows(db: DatabaseSync): number {
  const there = new Set(
    db
      .prepare(`SELECT name FROM sqlite_schema WHERE type = 'table'`)
      .all()
      .map(({ name }) => String(name)),
  );
  // A file of another version may lack some tables.
  return tables
    .filter((table) => there.has(table))
    .reduce((sum, table) => sum + Number(db.prepare(`SELECT count(*) AS n FROM ${table}`).get()?.n), 0);
}

/** Reads every page of a file. Throws if SQLite finds it damaged. */
export function checkIntegrity(db: DatabaseSync): void {
  const [first] = db.prepare('PRAGMA quick_check(1)').all();
  const found = String(Object.values(first ?? {})[0]);
  if (found !== 'ok') throw new Error(`SQLite finds it damaged: ${found}`);
}
