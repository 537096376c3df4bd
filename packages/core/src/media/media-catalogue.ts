import type {
  Focus,
  MediaKind,
  MediaObject,
  MediaRecord,
  MediaTarget,
  MediaVariant,
} from './media-record.ts';

/** Made before the first object is written, so that nothing in the blob store is ever unaccounted for. */
export interface NewMedia {
  readonly mediaId: string;
  readonly ownerId: string;
  readonly kind: MediaKind;
  readonly altText: string;
  readonly focus: Focus;
  readonly keys: readonly string[];
  /** Bytes of the upload: counted until `publish` tells what is stored. */
  readonly storedBytes: number;
  /** Milliseconds. */
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** What processing found out. */
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
  /** With a new focus: the squares around it. */
  readonly variants?: readonly MediaVariant[];
  /** Keys that are the record's no longer. */
  readonly droppedKeys?: readonly string[];
  readonly storedBytes?: number;
}

export interface MediaRemoval {
  /** Milliseconds: `expiresAt` from now on. */
  readonly at: number;
  /**
   * Removes only those for which this holds at the moment of the write: attached to nothing; durably attached
   * (`expiresAt` is null); or expired (`expiresAt` is not after `expiredBefore`). By default all.
   */
  readonly only?: 'unattached' | 'kept' | { readonly expiredBefore: number };
}

/**
 * Source of truth for uploaded media; the objects are in the `BlobStore`. Emits `mediaChanged` for each medium that
 * `publish`, `update` or `remove` changed. Ids that are unknown are missing from answers.
 */
export interface MediaCatalogue {
  /** Counts against the owner's bytes from now on. `exists`: this mediaId is there (a retry); nothing is changed. */
  reserve(media: NewMedia): Promise<'reserved' | 'exists'>;
  /**
   * Adds keys at the end, those that it has already once, before objects are written under them. False when there is no
   * such record or it is removed.
   */
  addKeys(mediaId: string, keys: readonly string[]): Promise<boolean>;
  /**
   * From `uploading` to `processing` or `ready`, or from `processing` to `ready` or `failed`; false when the record is in
   * none of these states.
   */
  publish(mediaId: string, published: PublishedMedia): Promise<boolean>;
  /** Records of any state but `removed`. */
  findMany(mediaIds: readonly string[]): Promise<ReadonlyMap<string, MediaRecord>>;
  /**
   * Attaches all of them, or none: those that are the owner's, `processing` or `ready`, and attached to nothing or to
   * this very target already (a retry). Answers the ids that could not be attached; empty: done. Sets `expiresAt`:
   * until `keep`, an attachment is provisional.
   */
  attach(
    mediaIds: readonly string[],
    attachment: { readonly ownerId: string; readonly target: MediaTarget; readonly expiresAt: number },
  ): Promise<readonly string[]>;
  /** Clears `expiresAt` of those that are attached to this target and not removed: it durably holds them. */
  keep(mediaIds: readonly string[], target: MediaTarget): Promise<void>;
  /**
   * Changes what is given; false, and nothing is changed, when the record is neither `processing` nor `ready`, or when it
   * does not have the keys of the variants that are given: somebody else dropped them.
   */
  update(mediaId: string, changes: MediaChanges): Promise<boolean>;
  /** Marks as removed, from now on unseen; answers how many were marked. Repeating changes nothing. */
  remove(mediaIds: readonly string[], removal: MediaRemoval): Promise<number>;
  /** Records marked as removed among these ids, for deleting their objects. */
  findRemoved(mediaIds: readonly string[]): Promise<readonly MediaRecord[]>;
  /** Erases records that are marked as removed, once their objects are gone. */
  erase(mediaIds: readonly string[]): Promise<void>;
  /** Ids attached to exactly this target, at most 100. Without removed ones. */
  listByTarget(target: MediaTarget): Promise<readonly string[]>;
  /** Ids attached to a post or to any reply to it, at most `limit`. Without removed ones. */
  listByPost(postId: string, limit: number): Promise<readonly string[]>;
  /** Ids of an owner in the order of ids, without removed ones. */
  listByOwner(
    ownerId: string,
    page: { readonly after?: string | undefined; readonly limit: number },
  ): Promise<readonly string[]>;
  /** Records whose `expiresAt` is not after this, removed ones too: oldest first, at most `limit`. */
  listDue(before: number, limit: number): Promise<readonly MediaRecord[]>;
  /** All records, also removed ones, in the order of ids: for verify, prune and moves. */
  list(page: {
    readonly after?: string | undefined;
    readonly limit: number;
  }): Promise<readonly MediaRecord[]>;
  /** Those of these keys that some record has, also a removed one. */
  keysAmong(keys: readonly string[]): Promise<ReadonlySet<string>>;
  /** Stored bytes of an owner, without removed media. */
  bytesOf(ownerId: string): Promise<number>;
}
