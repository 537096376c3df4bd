import type { Deps } from '@twite/core/engine';
import { mediaUrlFrom } from '@twite/core/media/present-media';

const refuse = (): never => {
  throw new Error('this test processes no media');
};

/** For tests that do not involve media. */
export const noMedia: Pick<Deps, 'mediaProcessor' | 'mediaUrl'> = {
  mediaProcessor: {
    isFull: () => false,
    inspect: refuse,
    processImage: refuse,
    cropSquares: refuse,
    makePoster: refuse,
    processVideo: refuse,
  },
  mediaUrl: mediaUrlFrom('http://127.0.0.1'),
};
