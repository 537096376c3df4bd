import type {
  Focus,
  MediaKind,
  MediaObject,
  MediaRecord,
  MediaTarget,
  MediaVariant,
} from './media-record.ts';

/** Created before the first object is written, so that every object in the blob store is accounted for. */
export interface NewMedia {
  readonly mediaId: string;
  readonly ownerId: string;
  readonly kind: MediaKind;
  readonly altText: string;
  readonly focus: Focus;
  readonly keys: readonly string[];
  /** The size of the upload in bytes. Counts until `publish` reports what is stored. */
  readonly storedBytes: number;
  /** Milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** The result of processing. */
export interface PublishedMedia {
  readonly state: 'processing' | 'ready' | 'failed';
  readonly main: MediaObject | null;
  readonly width: number;
  readonly height: number;
  readonly durationMs: number | null;
  readonly thumbhash: string | null;
  readonly variants: readonly MediaVariant[];
  readonly sourceKey: string | null;
  readonly storedBytes: number;
}

export interface MediaChanges {
  readonly altText?: string;
  readonly focus?: Focus;
  /** Given with a new focus: the squares around it. */
  readonly variants?: readonly MediaVariant[];
  /** Keys that no longer belong to the record. */
  readonly droppedKeys?: readonly string[];
  readonly storedBytes?: number;
}

export interface MediaRemoval {
  /** Milliseconds: the new `expiresAt`. */
  readonly at: number;
  /**
   * Removes only media that match this condition at the time of the write: attached to nothing; durably attached
   * (`expiresAt` is null); or expired (`expiresAt` is not after `expiredBefore`). Default: all.
   */
  readonly only?: 'unattached' | 'kept' | { readonly expiredBefore: number };
}

/**
 * Source of truth for uploaded media; the objects are in the `BlobStore`. Emits `mediaChanged` for each medium that
 * `publish`, `update` or `remove` changed. Unknown ids are missing from results.
 */
export interface MediaCatalogue {
  /**
   * The medium counts against the owner's bytes from now on. `exists`: the mediaId already exists (a retry); nothing is
   * changed.
   */
  reserve(media: NewMedia): Promise<'reserved' | 'exists'>;
  /**
   * Appends keys, skipping those that it already has, before objects are written under them. Returns false if the
   * record does not exist or is removed.
   */
  addKeys(mediaId: string, keys: readonly string[]): Promise<boolean>;
  /**
   * Moves a record from `uploading` to `processing` or `ready`, or from `processing` to `ready` or `failed`. Returns
   * false if the record is in none of these states.
   */
  publish(mediaId: string, published: PublishedMedia): Promise<boolean>;
  /** Records of any state except `removed`. */
  findMany(mediaIds: readonly string[]): Promise<ReadonlyMap<string, MediaRecord>>;
  /**
   * Attaches all of the media, or none. They must belong to the owner, be `processing` or `ready`, and be attached to
   * nothing or already to this target (a retry). Returns the ids that could not be attached; empty on success. Sets
   * `expiresAt`: until `keep`, an attachment is provisional.
   */
  attach(
    mediaIds: readonly string[],
    attachment: { readonly ownerId: string; readonly target: MediaTarget; readonly expiresAt: number },
  ): Promise<readonly string[]>;
  /** Clears `expiresAt` of media that are attached to this target and not removed: the target durably holds them. */
  keep(mediaIds: readonly string[], target: MediaTarget): Promise<void>;
  /**
   * Changes the given fields. Returns false and changes nothing when the record is neither `processing` nor `ready`, or
   * lacks the keys of the given variants because a concurrent change dropped them.
   */
  update(mediaId: string, changes: MediaChanges): Promise<boolean>;
  /** Marks media as removed, which hides them from now on. Returns how many were marked. Idempotent. */
  remove(mediaIds: readonly string[], removal: MediaRemoval): Promise<number>;
  /** Finds the records among these ids that are marked as removed, so that their objects can be deleted. */
  findRemoved(mediaIds: readonly string[]): Promise<readonly MediaRecord[]>;
  /** Erases records that are marked as removed, once their objects are deleted. */
  erase(mediaIds: readonly string[]): Promise<void>;
  /** Ids attached to exactly this target, at most 100. Excludes removed media. */
  listByTarget(target: MediaTarget): Promise<readonly string[]>;
  /** Ids attached to a post or to any reply to it, at most `limit`. Excludes removed media. */
  listByPost(postId: string, limit: number): Promise<readonly string[]>;
  /** Ids of an owner's media, ordered by id. Excludes removed media. */
  listByOwner(
    ownerId: string,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly string[]>;
  /** Records whose `expiresAt` is not after `before`, including removed ones: oldest first, at most `limit`. */
  listDue(before: number, limit: number): Promise<readonly MediaRecord[]>;
  /** All records, including removed ones, ordered by id: for verify, prune and moves. */
  list(page: {
    readonly after?: string | undefined;
    readonly limit: number;
  }): Promise<readonly MediaRecord[]>;
  /** The keys that belong to a record, including removed records. */
  keysAmong(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** The stored bytes of an owner. Excludes removed media. */
  bytesOf(ownerId: string): Promise<number>;
}
