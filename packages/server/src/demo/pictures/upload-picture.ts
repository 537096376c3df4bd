import { createReadStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Deps } from '@twite/core/engine';
import { uploadMedia } from '@twite/core/media/upload-media';

interface Picture {
  /** The same again after a crash: the picture is then found. */
  readonly mediaId: string;
  readonly ownerId: string;
  readonly png: Uint8Array;
  readonly altText: string;
}

export interface PictureUploader extends AsyncDisposable {
  upload(picture: Picture): Promise<void>;
}

/** Uploads pictures like a request: from a file, which is removed at the end. */
export async function openPictureUploader(deps: Deps): Promise<PictureUploader> {
  const folder = await mkdtemp(join(tmpdir(), 'twite-demo-'));
  return {
    async upload({ mediaId, ownerId, png, altText }) {
      const path = join(folder, `${mediaId}.png`);
      await writeFile(path, png);
      const file = { path, bytes: png.byteLength, open: () => createReadStream(path) };
      await uploadMedia(deps, { mediaId, ownerId, file, altText, focus: { x: 0, y: 0 } });
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
