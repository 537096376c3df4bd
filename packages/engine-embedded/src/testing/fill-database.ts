import { join } from 'node:path';
import { databaseFileName } from '../backup/database-file.ts';
import { openWriting } from '../sqlite/connection.ts';

export const accountIdOf = (number: number): string => `19${String(number).padStart(17, '0')}`;

/** Account number 1 follows this many others, each of which follows 100. */
const followees = 1_000;
const posts = 60_000;
const likes = 200_000;
const accounts = 20_000;
/** This account follows, blocks and mutes as many others as the caps allow, and as many block it. */
export const heavyAccount = accounts;
/** The number of accounts that it blocks, that block it, and that it mutes. */
export const heavyBlocks = 9_000;
export const heavyFollowees = 7_500;

const numbers = (count: number) =>
  `WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})`;
const id = (prefix: number, expression: string) => `printf('${prefix}%017d', ${expression})`;

/**
 * Writes a database on which searches, statistics and recommendations take long: every post contains the words "beta"
 * and "alpha", in this order, and the name of every account starts like its handle.
 */
export function fillDatabase(folder: string): void {
  const db = openWriting({ path: join(folder, databaseFileName), mayMigrate: true });
  try {
    db.exec(`
      BEGIN;
      ${numbers(accounts)} INSERT INTO account_search (account_id, handle_key, rev)
        SELECT ${id(19, 'n')}, 'anna' || n, 1 FROM numbers;
      INSERT INTO accounts (account_id, handle, handle_key, display_name, created_at)
        SELECT account_id, handle_key, handle_key, handle_key, 0 FROM account_search;
      INSERT INTO account_search_names (account_id, suffix) SELECT account_id, handle_key FROM account_search;
      ${numbers(posts)} INSERT INTO post_search (rowid, text, tags, author)
        SELECT CAST(${id(20, 'n')} AS INTEGER), 'one beta two alpha three beta four alpha five', '', ${id(19, 'n % 100')}
        FROM numbers;
      ${numbers(likes)} INSERT INTO likes (account_id, kind, subject_id, like_id, counted)
        SELECT ${id(19, 'n % 100')}, 'post', ${id(20, 'n / 100')}, ${id(21, 'n')}, 1 FROM numbers;
      ${numbers(followees)} INSERT INTO follows (follower_id, followee_id, follow_id, counted)
        SELECT ${id(19, '1')}, ${id(19, 'n + 1')}, ${id(22, 'n')}, 1 FROM numbers;
      ${numbers(followees * 100)} INSERT INTO follows (follower_id, followee_id, follow_id, counted)
        SELECT ${id(19, `2 + n % ${followees}`)}, ${id(19, '2000 + n')}, ${id(23, 'n')}, 1 FROM numbers;
      ${numbers(heavyFollowees)} INSERT INTO follows (follower_id, followee_id, follow_id, counted)
        SELECT ${id(19, String(heavyAccount))}, ${id(19, 'n')}, ${id(24, 'n')}, 1 FROM numbers;
      ${numbers(heavyBlocks)} INSERT INTO blocks (account_id, target_id, edge_id)
        SELECT ${id(19, String(heavyAccount))}, ${id(19, 'n')}, ${id(25, 'n')} FROM numbers;
      ${numbers(heavyBlocks)} INSERT INTO blocks (account_id, target_id, edge_id)
        SELECT ${id(19, `${heavyBlocks} + n`)}, ${id(19, String(heavyAccount))}, ${id(26, 'n')} FROM numbers;
      ${numbers(heavyBlocks)} INSERT INTO mutes (account_id, target_id, edge_id)
        SELECT ${id(19, String(heavyAccount))}, ${id(19, 'n')}, ${id(27, 'n')} FROM numbers;
      COMMIT;
    `);
  } finally {
    db.close();
  }
}
