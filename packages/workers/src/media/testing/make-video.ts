import {
  type AudioCodec,
  BufferTarget,
  EncodedAudioPacketSource,
  EncodedPacket,
  EncodedVideoPacketSource,
  Mp4OutputFormat,
  Output,
  type VideoCodec,
  WebMOutputFormat,
} from 'mediabunny';

export interface VideoRecipe {
  readonly format: 'mp4' | 'webm';
  readonly video?: 'avc' | 'vp8' | null;
  readonly audio?: 'aac' | 'mp3' | 'opus' | null;
  readonly seconds?: number;
  readonly framesPerSecond?: number;
  readonly width?: number;
  readonly height?: number;
  readonly rotation?: 0 | 90 | 180 | 270;
  readonly startSeconds?: number;
  readonly tablesFirst?: boolean;
  /** The size of one frame in bytes. */
  readonly frameBytes?: number;
}

/** Contained in the tags of every video made here, and in no processed one. */
export const secretTag = 'taken at 48.8566 2.3522';

const sps = Buffer.from('6742c01eda01e0089f97011000000300100000030320f162ea', 'hex');
const pps = Buffer.from('68ce0fc8', 'hex');

const avcDescription = Buffer.concat([
  Buffer.from([1, 0x42, 0xc0, 0x1e, 0xff, 0xe1, 0, sps.length]),
  sps,
  Buffer.from([1, 0, pps.length]),
  pps,
]);

const opusHead = Buffer.from('4f707573486561640102380180bb0000000000', 'hex');

function videoConfig(codec: string, codedWidth: number, codedHeight: number) {
  if (codec === 'avc') return { codec: 'avc1.42c01e', codedWidth, codedHeight, description: avcDescription };
  return { codec: 'vp8', codedWidth, codedHeight };
}

function audioConfig(codec: string) {
  const common = { sampleRate: 48_000, numberOfChannels: 2 };
  if (codec === 'aac') return { ...common, codec: 'mp4a.40.2', description: Buffer.from([0x11, 0x90]) };
  if (codec === 'mp3') return { ...common, codec: 'mp3' };
  return { ...common, codec: 'opus', description: opusHead };
}

/** An encoded frame, as far as a container examines it: nothing here decodes it. */
export function frameOf(codec: string, index: number, bytes: number): Buffer {
  const frame = Buffer.alloc(bytes, index % 251);
  const isKey = index % 30 === 0;
  if (codec === 'avc') {
    frame.writeUInt32BE(bytes - 4);
    frame[4] = isKey ? 0x65 : 0x41;
  } else {
    frame[0] = isKey ? 0x10 : 0x11;
    frame.writeUIntBE(0x9d012a, 3, 3);
  }
  return frame;
}

const audioPacketSeconds = 1024 / 48_000;

/** A small valid video file with filler frames. */
export async function makeVideo(recipe: VideoRecipe): Promise<Buffer> {
  const {
    format,
    video = format === 'mp4' ? 'avc' : 'vp8',
    audio = format === 'mp4' ? 'aac' : 'opus',
    seconds = 2,
    framesPerSecond = 25,
    width = 320,
    height = 240,
    startSeconds = 0,
    frameBytes = 200,
  } = recipe;
  const target = new BufferTarget();
  const output = new Output({
    format:
      format === 'mp4'
        ? new Mp4OutputFormat({ fastStart: recipe.tablesFirst ? 'in-memory' : false })
        : new WebMOutputFormat(),
    target,
  });
  output.setMetadataTags({ title: secretTag, comment: secretTag });
  const videoSource = video === null ? undefined : new EncodedVideoPacketSource(video as VideoCodec);
  const audioSource = audio === null ? undefined : new EncodedAudioPacketSource(audio as AudioCodec);
  if (videoSource) output.addVideoTrack(videoSource, { rotation: recipe.rotation ?? 0, name: secretTag });
  if (audioSource) output.addAudioTrack(audioSource);
  await output.start();
  const frames = Math.round(seconds * framesPerSecond);
  for (let index = 0; videoSource && video && index < frames; index++) {
    await videoSource.add(
      new EncodedPacket(
        frameOf(video, index, frameBytes),
        index % 30 === 0 ? 'key' : 'delta',
        startSeconds + index / framesPerSecond,
        1 / framesPerSecond,
      ),
      { decoderConfig: videoConfig(video, width, height) },
    );
  }
  const audioPackets = Math.round(seconds / audioPacketSeconds);
  for (let index = 0; audioSource && audio && index < audioPackets; index++) {
    const silence = audio === 'mp3' ? Buffer.from('fffb900000000000', 'hex') : Buffer.from('f8fffe', 'hex');
    await audioSource.add(
      new EncodedPacket(silence, 'key', startSeconds + index * audioPacketSeconds, audioPacketSeconds),
      { decoderConfig: audioConfig(audio) },
    );
  }
  await output.finalize();
  return Buffer.from(target.buffer as ArrayBuffer);
}
