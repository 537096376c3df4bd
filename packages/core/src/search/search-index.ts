import type { Visibility } from '@twite/contract';
import type { PageBefore } from '../keyset.ts';

export interface PostDocument {
  readonly postId: string;
  readonly authorId: string;
  readonly text: string;
  readonly visibility: Visibility;
  /** Without the #, as written. */
  readonly tags: readonly string[];
  readonly hasMedia: boolean;
}

/** An account at one of its revisions: what is older than what the index has is left out. */
export interface AccountRevision {
  readonly accountId: string;
  readonly rev: number;
}

export interface AccountDocument extends AccountRevision {
  readonly handle: string;
  readonly displayName: string;
}

/** A parsed search, with handles resolved. At least one of words, phrases, tags, authorIds and hasMedia is given. */
export interface PostTerms {
  readonly words: readonly string[];
  readonly phrases: readonly string[];
  readonly notWords: readonly string[];
  readonly notPhrases: readonly string[];
  readonly tags: readonly string[];
  readonly notTags: readonly string[];
  /** Any of them, when not undefined. Empty: nothing matches. */
  readonly authorIds: readonly string[] | undefined;
  readonly notAuthorIds: readonly string[];
  /** Only posts with media, or only those without; undefined: both. */
  readonly hasMedia: boolean | undefined;
}

export interface PostQuery extends PostTerms {
  /**
   * The authors whose followers-only posts may be found. A search must not return those of others for its caller to
   * hide: how far a page reads, and where its cursor points, would tell what they contain.
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
  /** Each author once, ordered by its newest match, newest first. */
  readonly authorIds: readonly string[];
  /** False when there may be more authors, all of whose matches are older. */
  readonly isComplete: boolean;
}

/**
 * The index of posts and accounts: derived, and allowed to lag. Matches whatever the case and accents of words. What it
 * finds may be gone or hidden; readers apply the rules.
 */
export interface SearchIndex {
  /** Idempotent by postId. A post's text does not change; once removed, it stays so. */
  indexPosts(posts: readonly PostDocument[]): Promise<void>;
  removePosts(postIds: readonly string[]): Promise<void>;
  /** Ids, newest first. */
  searchPosts(query: PostQuery, page: PageBefore): Promise<readonly string[]>;
  /**
   * The authors of followers-only posts that match, at most `limit`. It knows nothing of the viewer, so its result must
   * only decide which authors `searchPosts` is given. An index may stop early, after it has read a fixed number of posts.
   */
  findFollowersPostAuthors(
    terms: PostTerms,
    range: PostRange & { readonly limit: number },
  ): Promise<FoundAuthors>;
  /** Idempotent by accountId and rev; an older rev changes nothing. */
  indexAccounts(accounts: readonly AccountDocument[]): Promise<void>;
  /** Takes accounts out as of a revision; a newer one brings them back. */
  removeAccounts(accounts: readonly AccountRevision[]): Promise<void>;
  /** Those whose handle starts with the text come first, then those with it at the start of a word of their name. */
  searchAccounts(
    text: string,
    page: { readonly cursor?: string | undefined; readonly limit: number },
  ): Promise<{ readonly accountIds: readonly string[]; readonly nextCursor: string | null }>;
}
