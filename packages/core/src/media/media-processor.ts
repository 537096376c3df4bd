import type { Focus, MediaKind, MediaMimeType, VariantName } from './media-record.ts';

/** A file on this machine, such as an upload that was spooled to disk. */
export interface LocalFile {
  readonly path: string;
  readonly bytes: number;
}

/** The contents of a file's header. */
export interface InspectedMedia {
  readonly kind: MediaKind;
  /** Pixels as stored, before orientation. */
  readonly width: number;
  readonly height: number;
  /** 1 for a still image; 0 for a video, whose frames are not counted. */
  readonly frames: number;
  /** Null except for videos. */
  readonly durationMs: number | null;
}

/** A file created by processing. It is deleted when its `ProcessedMedia` is disposed. */
export interface ProcessedFile extends LocalFile {
  readonly mimeType: MediaMimeType;
  readonly width: number;
  readonly height: number;
  open(): AsyncIterable<Uint8Array>;
}

export interface ProcessedMedia extends AsyncDisposable {
  /** Pixels after orientation. */
  readonly width: number;
  readonly height: number;
  readonly durationMs: number | null;
  /** Base64. */
  readonly thumbhash: string;
  /**
   * The file that `url` points to: the largest variant of an image (the same object as one of `variants`), or the
   * video.
   */
  readonly main: ProcessedFile;
  /** Two names may share a file if the image is too small for them to differ. */
  readonly variants: ReadonlyMap<VariantName, ProcessedFile>;
}

/**
 * Turns uploads into what is stored and served, in separate processes. Detects types by content, never by name or
 * declared type. All methods throw `ContractError`s: `unsupported_media` (415) for content that is not accepted,
 * `media_too_large` (413), `media_dimensions` (422) for too many pixels, frames or seconds, `media_invalid` (422) for a
 * file that cannot be decoded or takes too long, `overloaded` (503) when its queue is full.
 */
export interface MediaProcessor {
  /** Whether it would refuse work now. Checked before an upload is read. */
  isFull(): boolean;
  /** Reads the header only. */
  inspect(file: LocalFile): Promise<InspectedMedia>;
  /** Makes `small`, `medium`, `large`, `square96` and `square400` of an image or animation. */
  processImage(file: LocalFile, inspected: InspectedMedia, focus: Focus): Promise<ProcessedMedia>;
  /** Crops `square96` and `square400` again from the `large` variant, around another focus. */
  cropSquares(large: AsyncIterable<Uint8Array>, focus: Focus): Promise<ProcessedMedia>;
  /**
   * Makes the `poster` of a video: from an image that was uploaded with it, or a plain placeholder with the video's
   * proportions.
   */
  makePoster(
    file: LocalFile | undefined,
    video: Pick<InspectedMedia, 'width' | 'height'>,
  ): Promise<ProcessedMedia>;
  /** Returns the video without metadata, playable while it loads. `variants` and `thumbhash` are empty. */
  processVideo(source: AsyncIterable<Uint8Array>): Promise<ProcessedMedia>;
}
