import type { AccountPlace } from '@twite/core/search/account-cursor';
import type { FoundAuthors, PostQuery, PostRange, PostTerms } from '@twite/core/search/search-index';
import { matchExpression, matchFollowersPosts } from '../search-text.ts';
import type { Statements } from '../statements.ts';

// The prefix followed by this sorts after every text that starts with the prefix.
const LAST_CHARACTER = '\u{10ffff}';
const GREATEST_ID = '9223372036854775807';

// Limits the posts whose authors are looked up.
const POSTS_READ_MAX = 5_000;

export function searchPosts(
  read: Statements,
  {
    query,
    before = GREATEST_ID,
    limit,
  }: { readonly query: PostQuery; readonly before?: string | undefined; readonly limit: number },
): readonly string[] {
  const match = matchExpression(query);
  if (match === undefined) return [];
  return read.column<string>(
    `SELECT printf('%019d', rowid) FROM post_search
     WHERE post_search MATCH ? AND rowid < CAST(? AS INTEGER) ORDER BY rowid DESC LIMIT ?`,
    match,
    before,
    limit,
  );
}

export function findFollowersPostAuthors(
  read: Statements,
  {
    terms,
    before = GREATEST_ID,
    after = '0',
    limit,
  }: PostRange & { readonly terms: PostTerms; readonly limit: number },
): FoundAuthors {
  const match = matchFollowersPosts(terms);
  if (match === undefined) return { authorIds: [], isComplete: true };
  const postIds = read.column<string>(
    `SELECT printf('%019d', rowid) FROM post_search
     WHERE post_search MATCH ? AND rowid < CAST(? AS INTEGER) AND rowid > CAST(? AS INTEGER)
     ORDER BY rowid DESC LIMIT ?`,
    match,
    before,
    after,
    POSTS_READ_MAX,
  );
  // The index does not store authors. A deleted post has none.
  const authorIds = read.column<string>(
    `SELECT author_id FROM json_each(?) CROSS JOIN posts ON post_id = value
     GROUP BY author_id ORDER BY max(post_id) DESC LIMIT ?`,
    JSON.stringify(postIds),
    limit + 1,
  );
  return {
    authorIds: authorIds.slice(0, limit),
    isComplete: postIds.length < POSTS_READ_MAX && authorIds.length <= limit,
  };
}

export interface FoundAccount {
  readonly accountId: string;
  readonly place: AccountPlace;
}

/** Searches from a position on: by handle, then by name. */
export function searchAccounts(
  read: Statements,
  { prefix, from, limit }: { readonly prefix: string; readonly from: AccountPlace; readonly limit: number },
): readonly FoundAccount[] {
  const found = from[0] === 'handle' ? byHandle(read, prefix, from[1], limit) : [];
  if (found.length >= limit) return found;
  const [suffix, accountId] = from[0] === 'name' ? [from[1], from[2]] : ['', ''];
  return [...found, ...byName(read, prefix, suffix, accountId, limit - found.length)];
}

function byHandle(read: Statements, prefix: string, after: string, limit: number): FoundAccount[] {
  return read
    .all<{ accountId: string; key: string }>(
      `SELECT account_id AS accountId, handle_key AS key FROM account_search
       WHERE handle_key >= ? AND handle_key < ? AND handle_key > ? ORDER BY handle_key LIMIT ?`,
      prefix,
      prefix + LAST_CHARACTER,
      after,
      limit,
    )
    .map(({ accountId, key }) => ({ accountId, place: ['handle', key] as const }));
}

/** Each account once, at the first matching word. Excludes accounts found by handle. */
function byName(
  read: Statements,
  prefix: string,
  afterSuffix: string,
  afterAccountId: string,
  limit: number,
): FoundAccount[] {
  return read
    .all<{ accountId: string; suffix: string }>(
      `SELECT n.account_id AS accountId, n.suffix AS suffix
       FROM account_search_names AS n INDEXED BY account_search_names_by_suffix
       JOIN account_search AS a ON a.account_id = n.account_id
       WHERE n.suffix >= ?1 AND n.suffix < ?2 AND (n.suffix, n.account_id) > (?3, ?4)
         AND NOT (a.handle_key >= ?1 AND a.handle_key < ?2)
         AND NOT EXISTS (
           SELECT 1 FROM account_search_names AS earlier
           WHERE earlier.account_id = n.account_id AND earlier.suffix >= ?1 AND earlier.suffix < n.suffix
         )
       ORDER BY n.suffix, n.account_id LIMIT ?5`,
      prefix,
      prefix + LAST_CHARACTER,
      afterSuffix,
      afterAccountId,
      limit,
    )
    .map(({ accountId, suffix }) => ({ accountId, place: ['name', suffix, accountId] as const }));
}
