import type { MediaLimits } from '@twite/core/media/media-limits';
import type { Focus, MediaMimeType, VariantName } from '@twite/core/media/media-record';

/** A task of a process; the results are files in `folder`, which the caller owns. */
export type MediaTask =
  | {
      readonly do: 'makeImage';
      readonly file: string;
      readonly folder: string;
      /** 1: a still image. */
      readonly frames: number;
      /** For all frames together: no more are decoded. */
      readonly pixelsMax: number;
      readonly focus: Focus;
    }
  | { readonly do: 'cropSquares'; readonly file: string; readonly folder: string; readonly focus: Focus }
  | { readonly do: 'makePoster'; readonly file: string; readonly folder: string; readonly pixelsMax: number }
  | {
      readonly do: 'makePlaceholder';
      readonly folder: string;
      readonly width: number;
      readonly height: number;
    }
  | {
      readonly do: 'inspectVideo';
      readonly file: string;
      readonly limits: MediaLimits;
    }
  | {
      readonly do: 'remuxVideo';
      readonly file: string;
      readonly folder: string;
      readonly limits: MediaLimits;
    };

export interface MadeFile {
  readonly path: string;
  readonly mimeType: MediaMimeType;
  readonly width: number;
  readonly height: number;
  readonly bytes: number;
}

export interface MadeMedia {
  readonly main: MadeFile;
  readonly variants: readonly { readonly name: VariantName; readonly file: MadeFile }[];
  readonly thumbhash: string;
  readonly durationMs: number | null;
}

export interface InspectedVideo {
  readonly width: number;
  readonly height: number;
  readonly durationMs: number;
}
