export type MediaKind = 'image' | 'animation' | 'video';

/**
 * `uploading`: the objects are being written. `removed`: the objects are being deleted. Readers see the record in
 * neither state.
 */
export type MediaState = 'uploading' | 'processing' | 'ready' | 'failed' | 'removed';

/** From −1 (left, bottom) to 1 (right, top); 0,0 is the centre. */
export interface Focus {
  readonly x: number;
  readonly y: number;
}

/** `square96` and `square400` serve as avatars; `poster` is a video's still image. */
export const variantNames = ['small', 'medium', 'large', 'square96', 'square400', 'poster'] as const;
export type VariantName = (typeof variantNames)[number];

export type MediaMimeType = 'image/webp' | 'video/mp4' | 'video/webm';

/** One object in the blob store. Two variants of a small image may share an object. */
export interface MediaObject {
  /** The key in `BlobStore`. */
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly mimeType: MediaMimeType;
  readonly bytes: number;
}

export interface MediaVariant extends MediaObject {
  readonly name: VariantName;
}

/** What posts, replies and accounts store of a medium, and what clients see of it. Frozen. */
export interface MediaSnapshot {
  readonly mediaId: string;
  readonly kind: MediaKind;
  readonly state: 'processing' | 'ready' | 'failed';
  /** The object that `url` points to: an image's largest variant, or the video. Null until a video is ready. */
  readonly main: MediaObject | null;
  /** Pixels, after orientation. */
  readonly width: number;
  readonly height: number;
  readonly durationMs: number | null;
  readonly altText: string;
  readonly focus: Focus;
  /** Base64; null until it is known. */
  readonly thumbhash: string | null;
  readonly variants: readonly MediaVariant[];
}

/** What a medium is attached to. It is attached to at most one target, and never moves to another. */
export type MediaTarget =
  | { readonly kind: 'post'; readonly postId: string }
  | { readonly kind: 'reply'; readonly postId: string; readonly replyId: string }
  | { readonly kind: 'avatar' | 'banner'; readonly accountId: string };

/** A stored medium: everything that clients see, and what clean-up needs. Frozen. */
export interface MediaRecord extends Omit<MediaSnapshot, 'state'> {
  readonly state: MediaState;
  readonly ownerId: string;
  /** The uploaded video, until it is processed. Never served. */
  readonly sourceKey: string | null;
  /** Every key that may hold an object of this record, including during the upload. */
  readonly keys: readonly string[];
  /** Its size in the blob store in bytes, or that of the upload during the upload. Counts against the owner's quota. */
  readonly storedBytes: number;
  readonly target: MediaTarget | null;
  /**
   * Milliseconds; null if the medium is permanent. After this time `expireMedia` removes the medium unless its target
   * holds it.
   */
  readonly expiresAt: number | null;
  /** Milliseconds. */
  readonly createdAt: number;
  /** Counts the changes that are visible to clients, from 1. */
  readonly rev: number;
}

/** The initial values of a reserved medium, besides its `NewMedia`: nothing about its content yet. */
export const reservedMedia = {
  state: 'uploading',
  main: null,
  width: 0,
  height: 0,
  durationMs: null,
  thumbhash: null,
  variants: [],
  sourceKey: null,
  rev: 1,
} as const satisfies Partial<MediaRecord>;
