import type { MediaMimeType } from './media-record.ts';

/** Where in an object to read: both ends are part of it. */
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

/** `bytes` are those of the whole object, whatever the range. */
export interface OpenBlob extends BlobInfo {
  /** The bytes of the range that was asked for, else all. End it early by `return()`, as leaving a loop does. */
  readonly content: AsyncIterable<Uint8Array>;
}

export interface NewBlob {
  /** Exactly so many; `put` rejects when the content has another length. */
  readonly bytes: number;
  readonly mimeType: MediaMimeType | 'application/octet-stream';
  /** Called once. */
  open(): AsyncIterable<Uint8Array>;
}

export interface ListedBlob extends BlobInfo {
  readonly key: string;
}

/**
 * Immutable objects by key: `media/<32 hex digits>.<webp|mp4|webm>` is served, `uploads/<32 hex digits>.bin` never is.
 * Keys are made by `newMediaKey` and `newSourceKey`, random, and never used for other content; whatever is not such a key
 * is refused. Throws `Unavailable('objects')` while the store is away, and `storage_full` when it has no space.
 */
export interface BlobStore {
  /**
   * Durable and whole when it resolves. When it rejects, and after a crash, there is what was there before. Repeating it
   * replaces the object, which is served afterwards.
   */
  put(key: string, blob: NewBlob): Promise<void>;
  /** Undefined when there is no such object, or when it is withheld. The range must lie inside of the object. */
  get(key: string, range?: ByteRange): Promise<OpenBlob | undefined>;
  /** Of withheld objects too, which must not be served. */
  stat(key: string): Promise<StoredBlob | undefined>;
  /** What is not there is no error. Deletes withheld ones too. */
  delete(keys: readonly string[]): Promise<void>;
  /**
   * Takes objects out of what is served until `reinstate`, as for a suspended account. Repeating is no error. Does nothing
   * to `uploads/…`: they are never served, and still have to be processed.
   */
  withhold(keys: readonly string[]): Promise<void>;
  reinstate(keys: readonly string[]): Promise<void>;
  /** All objects, withheld ones too, in an order that does not change while nothing is written. */
  list(page: { readonly after?: string | undefined; readonly limit: number }): Promise<readonly ListedBlob[]>;
}
