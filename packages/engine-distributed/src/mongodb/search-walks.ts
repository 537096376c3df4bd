import type { AccountState, PostState, SearchWalks } from '../elasticsearch/rebuild-search.ts';
import type { Collections } from './databases.ts';
import type { AccountDoc, PostDoc } from './documents.ts';
import { accountsSince, allAccounts, allPosts, mapped, postsSince } from './walks.ts';

const postState = ({ _id, authorId, text, visibility, entities, media = [], deleted }: PostDoc): PostState =>
  deleted || text === undefined
    ? { postId: _id, deleted: true }
    : {
        postId: _id,
        authorId,
        text,
        visibility,
        tags: entities?.hashtags.map(({ tag }) => tag) ?? [],
        hasMedia: media.length > 0,
      };

const accountState = ({ _id, rev, handle, displayName, status }: AccountDoc): AccountState => ({
  accountId: _id,
  rev,
  handle,
  displayName,
  active: status === 'active',
});

/** Posts and accounts for a rebuild of the search index. */
export const searchWalks = (collections: Collections): SearchWalks => ({
  posts: () => mapped(allPosts(collections), postState),
  accounts: () => mapped(allAccounts(collections), accountState),
  postsChangedSince: (ms) => mapped(postsSince(collections, ms), postState),
  accountsChangedSince: (ms) => mapped(accountsSince(collections, ms), accountState),
});
