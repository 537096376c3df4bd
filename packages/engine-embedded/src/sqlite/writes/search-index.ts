import type { AccountDocument, AccountRevision, PostDocument } from '@twite/core/search/search-index';
import { nameSuffixes } from '@twite/core/text/search-words';
import { searchable, tagTokens } from '../search-text.ts';
import type { WriteContext } from '../write-context.ts';

const isIndexed = (context: WriteContext, postId: string): boolean =>
  context.get('SELECT 1 FROM post_search WHERE rowid = CAST(? AS INTEGER)', postId) !== undefined;

const setPost = (context: WriteContext, postId: string, text: string, tags: string, author: string) =>
  context.run(
    'INSERT OR REPLACE INTO post_search (rowid, text, tags, author) VALUES (CAST(? AS INTEGER), ?, ?, ?)',
    postId,
    text,
    tags,
    author,
  );

export function indexPosts(context: WriteContext, { posts }: { posts: readonly PostDocument[] }): void {
  for (const post of posts) {
    const { postId, authorId, text } = post;
    // Also a removed post, which must not come back.
    if (isIndexed(context, postId)) continue;
    setPost(context, postId, searchable(text), tagTokens(post), authorId);
  }
}

/** Leaves a row without words, which no search finds. */
export function removePosts(context: WriteContext, { postIds }: { postIds: readonly string[] }): void {
  for (const postId of postIds) setPost(context, postId, '', '', '');
}

/** Sets the row of an account unless it has this revision or a newer one. Returns whether it did. */
function setAccount(context: WriteContext, { accountId, rev }: AccountRevision, handleKey: string): boolean {
  const changed = context.run(
    `INSERT INTO account_search (account_id, handle_key, rev) VALUES (?, ?, ?)
     ON CONFLICT (account_id) DO UPDATE SET handle_key = excluded.handle_key, rev = excluded.rev
     WHERE excluded.rev > rev`,
    accountId,
    handleKey,
    rev,
  );
  if (changed === 0) return false;
  context.run('DELETE FROM account_search_names WHERE account_id = ?', accountId);
  return true;
}

export function indexAccounts(
  context: WriteContext,
  { accounts }: { accounts: readonly AccountDocument[] },
): void {
  for (const account of accounts) {
    if (!setAccount(context, account, account.handle.toLowerCase())) continue;
    for (const suffix of nameSuffixes(account.displayName)) {
      context.run(
        'INSERT INTO account_search_names (account_id, suffix) VALUES (?, ?)',
        account.accountId,
        suffix,
      );
    }
  }
}

export function removeAccounts(
  context: WriteContext,
  { accounts }: { accounts: readonly AccountRevision[] },
): void {
  for (const account of accounts) setAccount(context, account, '');
}
