import { createHash } from 'node:crypto';
import type { AccountDocument, AccountRevision, PostDocument } from '@twite/core/search/search-index';
import { fold, nameSuffixes, wordsOf } from '@twite/core/text/search-words';

/** A document with a version: it is skipped if the index has a newer one. */
export interface VersionedDocument {
  readonly id: string;
  readonly version: number;
  readonly document: object;
}

// The tokenizer splits words of 255 characters and more.
const longestWord = 200;
const asToken = (word: string): string =>
  word.length <= longestWord ? word : createHash('sha256').update(word).digest('hex');

/** A text as it is indexed and searched for; empty when it contains no words. */
export const searchable = (text: string): string => wordsOf(text).map(asToken).join(' ');

export const tagTerm = (tag: string): string => fold(tag).toWellFormed();

// A post is written once and removed once.
const written = 1;
const removed = 2;

export const postVersion = (post: PostDocument): VersionedDocument => ({
  id: post.postId,
  version: written,
  document: {
    postId: post.postId,
    authorId: post.authorId,
    visibility: post.visibility,
    words: searchable(post.text),
    tags: post.tags.map(tagTerm),
    // Omitted when there are none, so that an index of an older release accepts the document too.
    ...(post.hasMedia ? { hasMedia: true } : {}),
  },
});

/**
 * Elasticsearch remembers the versions of deleted documents for only a minute, so a removed document leaves a
 * tombstone.
 */
export const postTombstone = (postId: string, now: number): VersionedDocument => ({
  id: postId,
  version: removed,
  document: { postId, deleted: true, removedAt: now },
});

export const accountVersion = (account: AccountDocument): VersionedDocument => ({
  id: account.accountId,
  version: account.rev,
  document: {
    accountId: account.accountId,
    handleKey: account.handle.toLowerCase().toWellFormed(),
    names: nameSuffixes(account.displayName).map((suffix) => ({ suffix: suffix.toWellFormed() })),
  },
});

export const accountTombstone = ({ accountId, rev }: AccountRevision, now: number): VersionedDocument => ({
  id: accountId,
  version: rev,
  document: { accountId, deleted: true, removedAt: now },
});
