import type { TextEntities, Visibility } from '@twite/contract';
import type { PageBefore } from '../keyset.ts';
import type { MediaSnapshot } from '../media/media-record.ts';

/** A post as it is stored. Frozen; the same object as long as nothing in it changed, where an engine caches. */
export interface PostRecord {
  readonly postId: string;
  readonly authorId: string;
  readonly text: string;
  readonly entities: TextEntities;
  readonly visibility: Visibility;
  /** In the order that the author gave; at most four. */
  readonly media: readonly MediaSnapshot[];
  /** Milliseconds. */
  readonly createdAt: number;
  /** Likes by active accounts. */
  readonly likeCount: number;
  /** Replies by active accounts. */
  readonly replyCount: number;
}

export type NewPost = Omit<PostRecord, 'likeCount' | 'replyCount'>;

/** A post's id with its author's. */
export interface PostRef {
  readonly postId: string;
  readonly authorId: string;
}

/** Source of truth for posts. Emits postCreated, postDeleted; keeps the author's post counts. */
export interface PostStore {
  /** `exists`: this postId is there or was deleted (a retry); nothing is changed. */
  insert(post: NewPost): Promise<'inserted' | 'exists'>;
  /** Without deleted ones; ids that are unknown are missing from the map. */
  findMany(postIds: readonly string[]): Promise<ReadonlyMap<string, PostRecord>>;
  /**
   * Replaces the snapshots of its media, or drops some; false when the post is not there or lacks one of these media, since
   * somebody else dropped it. No event: nothing derived depends on them.
   */
  setMedia(postId: string, media: readonly MediaSnapshot[]): Promise<boolean>;
  /** False when it is not there. Its likes and replies go by the job `purgePost`. */
  delete(postId: string): Promise<boolean>;
  /** Ids, newest first. */
  listByAuthor(
    authorId: string,
    page: PageBefore & { readonly visibility: 'public' | 'all' },
  ): Promise<readonly string[]>;
  /** The newest public posts of all authors, also of suspended ones, newest first. Read from an index alone. */
  listPublic(page: PageBefore): Promise<readonly PostRef[]>;
  /** The newest posts of all these authors together, of any visibility, newest first. */
  listByAuthors(authorIds: readonly string[], page: PageBefore): Promise<readonly PostRef[]>;
}
