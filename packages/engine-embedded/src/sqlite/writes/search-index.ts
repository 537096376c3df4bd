import type { AccountDocument, PostDocument } from '@twite/core/search/search-index';
import { fold, followersToken, nameSuffixes, tagToken } from '../search-text.ts';
import type { WriteContext } from '../write-context.ts';

export function indexPosts(context: WriteContext, { posts }: { posts: readonly PostDocument[] }): void {
  for (const { postId, authorId, text, visibility, tags } of posts) {
    const tokens = tags.map(tagToken);
    if (visibility === 'followers') tokens.push(followersToken);
    context.run(
      'INSERT OR REPLACE INTO post_search (rowid, text, tags, author) VALUES (CAST(? AS INTEGER), ?, ?, ?)',
      postId,
      fold(text),
      tokens.join(' '),
      authorId,
    );
  }
}

export function removePosts(context: WriteContext, { postIds }: { postIds: readonly string[] }): void {
  for (const postId of postIds) {
    context.run('DELETE FROM post_search WHERE rowid = CAST(? AS INTEGER)', postId);
  }
}

export function indexAccounts(
  context: WriteContext,
  { accounts }: { accounts: readonly AccountDocument[] },
): void {
  for (const { accountId, handle, displayName } of accounts) {
    context.run(
      'INSERT OR REPLACE INTO account_search (account_id, handle_key) VALUES (?, ?)',
      accountId,
      handle.toLowerCase(),
    );
    context.run('DELETE FROM account_search_names WHERE account_id = ?', accountId);
    for (const suffix of nameSuffixes(displayName)) {
      context.run('INSERT INTO account_search_names (account_id, suffix) VALUES (?, ?)', accountId, suffix);
    }
  }
}

export function removeAccounts(
  context: WriteContext,
  { accountIds }: { accountIds: readonly string[] },
): void {
  for (const accountId of accountIds) {
    context.run('DELETE FROM account_search WHERE account_id = ?', accountId);
    context.run('DELETE FROM account_search_names WHERE account_id = ?', accountId);
  }
}
