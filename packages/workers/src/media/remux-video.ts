import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { ContractError } from '@twite/contract';
import type { MediaLimits } from '@twite/core/media/media-limits';
import {
  EncodedAudioPacketSource,
  type EncodedPacket,
  EncodedPacketSink,
  EncodedVideoPacketSource,
  type InputTrack,
  Mp4OutputFormat,
  Output,
  StreamTarget,
  type StreamTargetChunk,
  WebMOutputFormat,
} from 'mediabunny';
import type { MadeMedia } from './media-task.ts';
import { checkVideo, type OpenVideo, openVideo, tracksOf } from './open-video.ts';

/** Far more than 240 frames and the shortest audio packets. */
const packetsPerSecondMax = 1_000;

interface Timing {
  readonly packets: ReadonlyMap<InputTrack, number>;
  readonly startSeconds: number;
  readonly endSeconds: number;
}

/** Walks all packets without reading them. Packets may overlap, so that a small file could produce a huge one. */
async function measure(video: OpenVideo, limits: MediaLimits): Promise<Timing> {
  const packetsMax = (limits.videoSecondsMax + 1) * packetsPerSecondMax;
  const packets = new Map<InputTrack, number>();
  let startSeconds = Number.POSITIVE_INFINITY;
  let endSeconds = 0;
  let bytes = 0;
  for (const track of tracksOf(video)) {
    let count = 0;
    for await (const packet of new EncodedPacketSink(track).packets(undefined, undefined, {
      metadataOnly: true,
    })) {
      count += 1;
      if (count > packetsMax)
        throw new ContractError('media_dimensions', { detail: 'The video has too many frames.' });
      bytes += packet.byteLength;
      if (bytes > limits.videoBytesMax) throw new ContractError('media_invalid');
      startSeconds = Math.min(startSeconds, packet.timestamp);
      endSeconds = Math.max(endSeconds, packet.timestamp + packet.duration);
    }
    packets.set(track, count);
  }
  return { packets, startSeconds, endSeconds };
}

/** mediabunny's own target for files takes a write that the disk cut short for a complete one. */
const writeTo = (file: FileHandle): StreamTarget =>
  new StreamTarget(
    new WritableStream<StreamTargetChunk>({
      async write({ data, position }) {
        for (let done = 0; done < data.length; ) {
          const { bytesWritten } = await file.write(data, done, data.length - done, position + done);
          done += bytesWritten;
        }
      },
    }),
    { chunked: true, chunkSize: 1024 * 1024 },
  );

interface Lane {
  readonly packets: AsyncGenerator<EncodedPacket, void, unknown>;
  readonly add: (packet: EncodedPacket) => Promise<void>;
}

/** Adds packets in the order of time, so that the tracks are interleaved in the file. */
async function copyPackets(lanes: readonly Lane[], shiftSeconds: number): Promise<void> {
  const heads = await Promise.all(
    lanes.map(async (lane) => ({ lane, packet: (await lane.packets.next()).value ?? undefined })),
  );
  for (;;) {
    let next: (typeof heads)[number] | undefined;
    for (const head of heads) {
      if (head.packet === undefined) continue;
      if (next?.packet === undefined || head.packet.timestamp < next.packet.timestamp) next = head;
    }
    if (next?.packet === undefined) return;
    const { packet } = next;
    await next.lane.add(packet.clone({ timestamp: packet.timestamp - shiftSeconds }));
    next.packet = (await next.lane.packets.next()).value ?? undefined;
  }
}

/**
 * Copies the encoded video and audio into a new file of the same format, without any metadata but the rotation; an MP4
 * has its tables first, so that it plays while it loads. Nothing is decoded: frames keep their codec, size and bit
 * rate. Transcoding (other codecs, smaller renditions for slow networks) would replace `copyPackets`: decode and encode
 * the packets of `lanes`, in an encoder process of this pool, and widen `accepted` in open-video.ts.
 */
export async function remuxVideo(file: string, folder: string, limits: MediaLimits): Promise<MadeMedia> {
  using source = await openVideo(file);
  const { packets, startSeconds, endSeconds } = await measure(source, limits);
  const checked = await checkVideo(source, endSeconds - Math.max(0, startSeconds), limits);
  const path = join(folder, `video.${source.format}`);
  const format =
    source.format === 'mp4'
      ? // The tables' size is known, so no packets need to be kept in memory.
        new Mp4OutputFormat({ fastStart: 'reserve' })
      : new WebMOutputFormat();
  await using target = await open(path, 'wx');
  const output = new Output({ format, target: writeTo(target) });
  try {
    const lanes = await addTracks(output, source, packets);
    await output.start();
    // WebM has no time before 0; MP4 has, for audio that an encoder needs to begin with.
    const shiftSeconds = source.format === 'webm' ? startSeconds : Math.max(0, startSeconds);
    await copyPackets(lanes, shiftSeconds);
    await output.finalize();
  } catch (error) {
    await output.cancel();
    throw error;
  }
  const { width, height, durationMs } = checked;
  const mimeType = source.format === 'mp4' ? 'video/mp4' : 'video/webm';
  const main = { path, mimeType, width, height, bytes: (await target.stat()).size } as const;
  return { main, variants: [], thumbhash: '', durationMs };
}

async function addTracks(
  output: Output,
  { video, audio }: OpenVideo,
  packets: Timing['packets'],
): Promise<readonly Lane[]> {
  const lanes: Lane[] = [];
  const videoCodec = await video.getCodec();
  const videoConfig = await video.getDecoderConfig();
  if (videoCodec === null || videoConfig === null) throw new ContractError('media_invalid');
  const videoSource = new EncodedVideoPacketSource(videoCodec);
  output.addVideoTrack(videoSource, {
    rotation: await video.getRotation(),
    flip: await video.getFlip(),
    maximumPacketCount: packets.get(video) ?? 0,
  });
  lanes.push({
    packets: new EncodedPacketSink(video).packets(),
    add: (packet) => videoSource.add(packet, { decoderConfig: videoConfig }),
  });
  if (audio === null) return lanes;
  const audioCodec = await audio.getCodec();
  const audioConfig = await audio.getDecoderConfig();
  if (audioCodec === null || audioConfig === null) throw new ContractError('media_invalid');
  const audioSource = new EncodedAudioPacketSource(audioCodec);
  output.addAudioTrack(audioSource, { maximumPacketCount: packets.get(audio) ?? 0 });
  lanes.push({
    packets: new EncodedPacketSink(audio).packets(),
    add: (packet) => audioSource.add(packet, { decoderConfig: audioConfig }),
  });
  return lanes;
}
