import { ContractError } from '@twite/contract';
import type { MediaLimits } from '@twite/core/media/media-limits';
import {
  FilePathSource,
  Input,
  type InputAudioTrack,
  type InputTrack,
  type InputVideoTrack,
  MP4,
  UnsupportedInputFormatError,
  WEBM,
} from 'mediabunny';
import type { VideoFormat } from './detect-format.ts';
import type { InspectedVideo } from './media-task.ts';

/** The codecs that nearly all browsers play. Others would have to be transcoded: see `remuxVideo`. */
const accepted: Readonly<
  Record<VideoFormat, { readonly video: readonly string[]; readonly audio: readonly string[] }>
> = {
  mp4: { video: ['avc'], audio: ['aac'] },
  webm: { video: ['vp8', 'vp9', 'av1'], audio: ['opus', 'vorbis'] },
};

/** Two tracks of a file, each with an accepted codec; any other tracks are ignored. */
export interface OpenVideo extends Disposable {
  readonly format: VideoFormat;
  readonly video: InputVideoTrack;
  readonly audio: InputAudioTrack | null;
}

const unsupported = (detail: string): ContractError => new ContractError('unsupported_media', { detail });

async function checkCodec(track: InputTrack, codecs: readonly string[]): Promise<void> {
  const codec = await track.getCodec();
  if (codec !== null && codecs.includes(codec)) return;
  const name = codec ?? String(await track.getInternalCodecId()).slice(0, 20);
  throw unsupported(`The ${track.type} track is ${name}; here it may be ${codecs.join(', ')}.`);
}

export async function openVideo(file: string): Promise<OpenVideo> {
  const source = new FilePathSource(file, { handleUnhandledError: () => undefined });
  const input = new Input({ formats: [MP4, WEBM], source });
  try {
    const format: VideoFormat = (await input.getFormat()) === MP4 ? 'mp4' : 'webm';
    const video = await input.getPrimaryVideoTrack();
    if (video === null) throw unsupported('The file has no video track.');
    const audio = await input.getPrimaryAudioTrack();
    await checkCodec(video, accepted[format].video);
    if (audio !== null) await checkCodec(audio, accepted[format].audio);
    return { format, video, audio, [Symbol.dispose]: () => input.dispose() };
  } catch (error) {
    input.dispose();
    throw error instanceof UnsupportedInputFormatError ? new ContractError('unsupported_media') : error;
  }
}

export const tracksOf = ({ video, audio }: OpenVideo): readonly InputTrack[] =>
  audio === null ? [video] : [video, audio];

/** Rejects a video that is too large or too long. Returns its display size. */
export async function checkVideo(
  { video }: OpenVideo,
  seconds: number,
  limits: MediaLimits,
): Promise<InspectedVideo> {
  const width = Math.round(await video.getDisplayWidth());
  const height = Math.round(await video.getDisplayHeight());
  const pixels = width * height;
  if (!(pixels > 0) || !(seconds > 0) || !Number.isFinite(seconds)) throw new ContractError('media_invalid');
  if (pixels > limits.pixelsMax)
    throw new ContractError('media_dimensions', {
      detail: `The video has ${width}×${height} pixels, which is too large.`,
    });
  if (seconds > limits.videoSecondsMax)
    throw new ContractError('media_dimensions', {
      detail: `The video is ${Math.ceil(seconds)} seconds long; the limit is ${limits.videoSecondsMax}.`,
    });
  return { width, height, durationMs: Math.round(seconds * 1000) };
}
