import type { Visibility } from '@twite/contract';
import type { PageBefore } from '../keyset.ts';

export interface PostDocument {
  readonly postId: string;
  readonly authorId: string;
  readonly text: string;
  readonly visibility: Visibility;
  /** As written, without the #. */
  readonly tags: readonly string[];
  readonly hasMedia: boolean;
}

/** A revision of an account. Revisions older than the indexed one are ignored. */
export interface AccountRevision {
  readonly accountId: string;
  readonly rev: number;
}

export interface AccountDocument extends AccountRevision {
  readonly handle: string;
  readonly displayName: string;
}

/** A parsed search with resolved handles. At least one of words, phrases, tags, authorIds and hasMedia is given. */
export interface PostTerms {
  readonly words: readonly string[];
  readonly phrases: readonly string[];
  readonly notWords: readonly string[];
  readonly notPhrases: readonly string[];
  readonly tags: readonly string[];
  readonly notTags: readonly string[];
  /** Matches any of these authors, unless undefined. An empty list matches nothing. */
  readonly authorIds: readonly string[] | undefined;
  readonly notAuthorIds: readonly string[];
  /** Only posts with media, or only posts without; undefined for both. */
  readonly hasMedia: boolean | undefined;
}

export interface PostQuery extends PostTerms {
  /**
   * The authors whose followers-only posts may be found. A search must not return those of others for its caller to
   * hide: how far a page reads, and where its cursor points, would reveal what they contain.
   */
  readonly followersPostsOf: readonly string[];
}

/** A query without terms, to add some to: by itself it asks for nothing. */
export const emptyPostQuery: PostQuery = {
  words: [],
  phrases: [],
  notWords: [],
  notPhrases: [],
  tags: [],
  notTags: [],
  authorIds: undefined,
  notAuthorIds: [],
  hasMedia: undefined,
  followersPostsOf: [],
};

/** Posts between two ids, both exclusive. */
export interface PostRange {
  readonly before?: string | undefined;
  readonly after?: string | undefined;
}

export interface FoundAuthors {
  /** Each author once, by newest match, newest first. */
  readonly authorIds: readonly string[];
  /** False when there may be more authors, all of whose matches are older. */
  readonly isComplete: boolean;
}

/**
 * The index of posts and accounts: derived data that may lag. Matching ignores the case and accents of words. Results
 * may be deleted or hidden; readers apply the rules.
 */
export interface SearchIndex {
  /** Idempotent by postId. A post's text never changes, and a removed post stays removed. */
  indexPosts(posts: readonly PostDocument[]): Promise<void>;
  removePosts(postIds: readonly string[]): Promise<void>;
  /** Ids, newest first. */
  searchPosts(query: PostQuery, page: PageBefore): Promise<readonly string[]>;
  /**
   * The authors of matching followers-only posts, at most `limit`. It knows nothing of the viewer, so use its result
   * only to choose the authors that are passed to `searchPosts`. An index may stop early, after a fixed number of
   * posts.
   */
  findFollowersPostAuthors(
    terms: PostTerms,
    range: PostRange & { readonly limit: number },
  ): Promise<FoundAuthors>;
  /** Idempotent by accountId and rev. An older rev has no effect. */
  indexAccounts(accounts: readonly AccountDocument[]): Promise<void>;
  /** Removes accounts as of a revision. A newer revision adds them again. */
  removeAccounts(accounts: readonly AccountRevision[]): Promise<void>;
  /**
   * Accounts whose handle starts with the text come first, then those with a word of their name that starts with it.
   */
  searchAccounts(
    text: string,
    page: { readonly cursor?: string | undefined; readonly limit: number },
  ): Promise<{ readonly accountIds: readonly string[]; readonly nextCursor: string | null }>;
}
