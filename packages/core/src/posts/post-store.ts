import type { TextEntities, Visibility } from '@twite/contract';
import type { PageBefore } from '../keyset.ts';
import type { MediaSnapshot } from '../media/media-record.ts';

/** A stored post. Frozen. Engines that cache return the same object until one of its fields changes. */
export interface PostRecord {
  readonly postId: string;
  readonly authorId: string;
  readonly text: string;
  readonly entities: TextEntities;
  readonly visibility: Visibility;
  /** In the author's order; at most four. */
  readonly media: readonly MediaSnapshot[];
  /** Milliseconds. */
  readonly createdAt: number;
  /** The number of likes by active accounts. */
  readonly likeCount: number;
  /** The number of replies by active accounts. */
  readonly replyCount: number;
}

export type NewPost = Omit<PostRecord, 'likeCount' | 'replyCount'>;

/** The ids of a post and its author. */
export interface PostRef {
  readonly postId: string;
  readonly authorId: string;
}

/** Source of truth for posts. Emits postCreated, postDeleted; keeps the author's post counts. */
export interface PostStore {
  /** `exists`: the postId exists or was deleted (a retry); nothing is changed. */
  insert(post: NewPost): Promise<'inserted' | 'exists'>;
  /** Omits deleted posts. Unknown ids are missing from the map. */
  findMany(postIds: readonly string[]): Promise<ReadonlyMap<string, PostRecord>>;
  /**
   * Replaces the snapshots of its media, or drops some. Returns false if the post does not exist or lacks one of these
   * media because a concurrent change dropped it. Emits no event: no derived data depends on them.
   */
  setMedia(postId: string, media: readonly MediaSnapshot[]): Promise<boolean>;
  /** Returns false if it does not exist. The job `purgePost` erases its likes and replies. */
  delete(postId: string): Promise<boolean>;
  /** Ids, newest first. */
  listByAuthor(
    authorId: string,
    page: PageBefore & { readonly visibility: 'public' | 'all' },
  ): Promise<readonly string[]>;
  /** The newest public posts of all authors, including suspended ones, newest first. Reads an index only. */
  listPublic(page: PageBefore): Promise<readonly PostRef[]>;
  /** The newest posts of all these authors combined, of any visibility, newest first. */
  listByAuthors(authorIds: readonly string[], page: PageBefore): Promise<readonly PostRef[]>;
}
