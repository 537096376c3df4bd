import type { Deps } from '@twite/core/engine';
import type { MediaProcessor, ProcessedFile, ProcessedMedia } from '@twite/core/media/media-processor';
import type { MediaMimeType, VariantName } from '@twite/core/media/media-record';
import { mediaUrlFrom } from '@twite/core/media/present-media';

const content = new TextEncoder().encode('tiny');

const aFile = (mimeType: MediaMimeType): ProcessedFile => ({
  path: '',
  bytes: content.length,
  mimeType,
  width: 96,
  height: 96,
  async *open() {
    yield content;
  },
});

function made(mimeType: MediaMimeType, names: readonly VariantName[]): ProcessedMedia {
  const variants = new Map(names.map((name) => [name, aFile(mimeType)]));
  const [main = aFile(mimeType)] = variants.values();
  return {
    width: 96,
    height: 96,
    durationMs: names.length === 0 ? 1_000 : null,
    thumbhash: '',
    main,
    variants,
    async [Symbol.asyncDispose]() {},
  };
}

/** The uploads in tests of `tinyMedia`: a file of this many bytes is a video, any other is an image. */
export const videoBytes = 7;

/** Makes files of a few bytes in memory, for tests that only examine what happens to the objects. */
const mediaProcessor: MediaProcessor = {
  isFull: () => false,
  inspect: async ({ bytes }) => ({
    kind: bytes === videoBytes ? 'video' : 'image',
    width: 96,
    height: 96,
    frames: bytes === videoBytes ? 0 : 1,
    durationMs: bytes === videoBytes ? 1_000 : null,
  }),
  processImage: async () => made('image/webp', ['small', 'large', 'square96', 'square400']),
  cropSquares: async () => made('image/webp', ['square96', 'square400']),
  makePoster: async () => made('image/webp', ['poster']),
  async processVideo(source) {
    let bytes = 0;
    for await (const part of source) bytes += part.length;
    if (bytes !== videoBytes) throw new Error(`the source has ${bytes} bytes`);
    return made('video/mp4', []);
  },
};

export const tinyMedia: Pick<Deps, 'mediaProcessor' | 'mediaUrl'> = {
  mediaProcessor,
  mediaUrl: mediaUrlFrom('http://127.0.0.1'),
};
