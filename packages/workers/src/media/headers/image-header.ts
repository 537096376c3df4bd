/** The content of an image's header: pixels as stored, before orientation. */
export interface ImageHeader {
  readonly width: number;
  readonly height: number;
  /** 1 for a still image. Counting stops one above the limit. */
  readonly frames: number;
  /** Pixels of the largest picture in the file, for formats that can hold one larger than the image itself. */
  readonly largestPixels: number;
}

export const stillImage = (width: number, height: number): ImageHeader => ({
  width,
  height,
  frames: 1,
  largestPixels: width * height,
});
