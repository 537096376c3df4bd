import type { LocalFile } from '@twite/core/media/media-processor';

/**
 * An uploaded file on disk, until its request is over. Its JSON contains only its content, so that a retry has the
 * same.
 */
export class SpooledFile implements LocalFile {
  readonly path: string;
  readonly bytes: number;
  /** In hex. */
  readonly sha256: string;

  constructor({ path, bytes, sha256 }: { path: string; bytes: number; sha256: string }) {
    this.path = path;
    this.bytes = bytes;
    this.sha256 = sha256;
    Object.freeze(this);
  }

  toJSON(): { readonly sha256: string; readonly bytes: number } {
    return { sha256: this.sha256, bytes: this.bytes };
  }
}
