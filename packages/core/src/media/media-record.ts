export type MediaKind = 'image' | 'animation' | 'video';

/**
 * `uploading`: the objects are being written; readers do not see the record. `removed`: its objects are being deleted;
 * readers do not see it either.
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
  /** As `BlobStore` has it. */
  readonly key: string;
  readonly width: number;
  readonly height: number;
  readonly mimeType: MediaMimeType;
  readonly bytes: number;
}

export interface MediaVariant extends MediaObject {
  readonly name: VariantName;
}

/** What posts, replies and accounts keep of a medium, and what clients see of it. Frozen. */
export interface MediaSnapshot {
  readonly mediaId: string;
  readonly kind: MediaKind;
  readonly state: 'processing' | 'ready' | 'failed';
  /** Of the object that `url` points to: an image's largest variant, or the video. Null until a video is ready. */
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

/** What a medium is attached to. It is attached to one thing at most, and never moves to another. */
export type MediaTarget =
  | { readonly kind: 'post'; readonly postId: string }
  | { readonly kind: 'reply'; readonly postId: string; readonly replyId: string }
  | { readonly kind: 'avatar' | 'banner'; readonly accountId: string };

/** A medium as it is stored: everything that clients see, and what cleaning up needs. Frozen. */
export interface MediaRecord extends Omit<MediaSnapshot, 'state'> {
  readonly state: MediaState;
  readonly ownerId: string;
  /** The uploaded video, until it is processed. Never served. */
  readonly sourceKey: string | null;
  /** Every key that may hold an object of this record, also while it is uploading. */
  readonly keys: readonly string[];
  /** Bytes in the blob store, or those of the upload while it is uploading: counted against the owner's quota. */
  readonly storedBytes: number;
  readonly target: MediaTarget | null;
  /** Milliseconds; null: kept. When it has passed, `expireMedia` removes the medium unless its target holds it. */
  readonly expiresAt: number | null;
  /** Milliseconds. */
  readonly createdAt: number;
  /** Counts the changes of what clients see, from 1. */
  readonly rev: number;
}

/** What a medium has besides its `NewMedia` when it is reserved: nothing of its content yet. */
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
