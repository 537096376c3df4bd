/** Limits of uploads and attachments. All are configurable, and `GET /v1/instance` publishes them. */
export interface MediaLimits {
  /** The maximum size of an uploaded image or animation, in bytes. */
  readonly imageBytesMax: number;
  /** The maximum size of an uploaded video, in bytes. */
  readonly videoBytesMax: number;
  /** Width × height of an image or of one frame. */
  readonly pixelsMax: number;
  /** The number of frames of an animation. */
  readonly framesMax: number;
  /** Frames × width × height of an animation: the cost of decoding it. */
  readonly animationPixelsMax: number;
  readonly videoSecondsMax: number;
  /** The stored bytes of all media of an account. */
  readonly accountBytesMax: number;
  /** How long an upload may stay unattached before it is deleted. */
  readonly unattachedSeconds: number;
}

export const defaultMediaLimits: MediaLimits = Object.freeze({
  imageBytesMax: 16 * 1024 * 1024,
  videoBytesMax: 100 * 1024 * 1024,
  pixelsMax: 50_000_000,
  framesMax: 500,
  animationPixelsMax: 200_000_000,
  videoSecondsMax: 140,
  accountBytesMax: 1024 * 1024 * 1024,
  unattachedSeconds: 86_400,
});
