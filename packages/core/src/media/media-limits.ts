/** Limits of uploads and attachments; all are configuration, and `GET /v1/instance` publishes them. */
export interface MediaLimits {
  /** Bytes of an uploaded image or animation. */
  readonly imageBytesMax: number;
  /** Bytes of an uploaded video. */
  readonly videoBytesMax: number;
  /** Width × height of an image, or of one frame. */
  readonly pixelsMax: number;
  /** Frames of an animation. */
  readonly framesMax: number;
  /** Frames × width × height of an animation: what decoding it costs. */
  readonly animationPixelsMax: number;
  readonly videoSecondsMax: number;
  /** Stored bytes of everything that an account has uploaded. */
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
