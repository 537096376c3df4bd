import type { MediaMimeType } from './media-record.ts';

/** The part of an object to read. Both ends are inclusive. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface BlobInfo {
  readonly bytes: number;
  /** Milliseconds. */
  readonly modifiedAt: number;
}

export interface StoredBlob extends BlobInfo {
  readonly isWithheld: boolean;
}

/** `bytes` is the size of the whole object, whatever the range. */
export interface OpenBlob extends BlobInfo {
  /**
   * The bytes of the requested range, or of the whole object. To end it early, call `return()`, as leaving a loop does.
   */
  readonly content: AsyncIterable<Uint8Array>;
}

export interface NewBlob {
  /** The exact size: `put` rejects when the content has another length. */
  readonly bytes: number;
  readonly mimeType: MediaMimeType | 'application/octet-stream';
  /** Called once. */
  open(): AsyncIterable<Uint8Array>;
}

export interface ListedBlob extends BlobInfo {
  readonly key: string;
}

/**
 * Immutable objects by key. `media/<32 hex digits>.<webp|mp4|webm>` is served, `uploads/<32 hex digits>.bin` never.
 * `newMediaKey` and `newSourceKey` generate keys: they are random and never reused for other content. Any other key is
 * refused. Throws `Unavailable('objects')` while the store is unavailable, and `storage_full` when it is out of space.
 */
export interface BlobStore {
  /**
   * Resolves once the object is complete and durable. If it rejects or the process crashes, the previous state remains.
   * Repeating it replaces the object, and the new one is served afterwards.
   */
  put(key: string, blob: NewBlob): Promise<void>;
  /** Undefined when the object does not exist or is withheld. The range must lie within the object. */
  get(key: string, range?: ByteRange): Promise<OpenBlob | undefined>;
  /** Includes withheld objects, which must not be served. */
  stat(key: string): Promise<StoredBlob | undefined>;
  /** A missing object is not an error. Deletes withheld objects too. */
  delete(keys: readonly string[]): Promise<void>;
  /**
   * Stops serving objects until `reinstate`, for example those of a suspended account. Idempotent. Has no effect on
   * `uploads/…`: they are never served, and still have to be processed.
   */
  withhold(keys: readonly string[]): Promise<void>;
  reinstate(keys: readonly string[]): Promise<void>;
  /** All objects, including withheld ones, in an order that is stable while nothing is written. */
  list(page: { readonly after?: string | undefined; readonly limit: number }): Promise<readonly ListedBlob[]>;
}
