import type { Focus } from '../generated/types.ts';
import type { CallOptions } from '../operation.ts';

/**
 * Something to upload. In Node, Deno and Bun also a path, a `file:` URL, and any stream or iterable of bytes, such as a
 * Node stream.
 */
export type UploadSource =
  | Blob
  | ArrayBuffer
  | ArrayBufferView
  | ReadableStream<Uint8Array>
  | AsyncIterable<Uint8Array>
  | string
  | URL;

/** Bytes of the whole request, including the form. A retry starts again at 0. */
export interface UploadProgress {
  readonly sentBytes: number;
  /** Undefined for a stream, whose length is unknown. */
  readonly totalBytes: number | undefined;
}

export interface UploadOptions extends CallOptions {
  /** A description for people who cannot see it: at most 1,500 characters (code points). */
  readonly altText?: string | undefined;
  /** The point that crops keep in view. */
  readonly focus?: Focus | undefined;
  /** Videos only: an image to show before it plays. */
  readonly poster?: UploadSource | undefined;
  /** Called at the start of each attempt, and whenever more was sent. */
  readonly onProgress?: ((progress: UploadProgress) => void) | undefined;
  /**
   * Milliseconds for the whole call. By default an upload may take as long as it makes progress: it fails when nothing
   * was sent for the client's `timeoutMs`, or when no answer arrives within two minutes after the last byte.
   */
  readonly timeoutMs?: number | undefined;
}

export interface WaitOptions {
  /** Ends the wait at once; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /** Milliseconds. Default: 10 minutes. */
  readonly timeoutMs?: number | undefined;
}
