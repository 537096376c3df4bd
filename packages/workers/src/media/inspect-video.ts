import { ContractError } from '@twite/contract';
import type { MediaLimits } from '@twite/core/media/media-limits';
import { EncodedPacketSink } from 'mediabunny';
import type { InspectedVideo } from './media-task.ts';
import { checkVideo, openVideo, tracksOf } from './open-video.ts';

/** Reads the tables of a video, and its first and last packet: enough to know that it is complete. */
export async function inspectVideo(file: string, limits: MediaLimits): Promise<InspectedVideo> {
  using video = await openVideo(file);
  let start = Number.POSITIVE_INFINITY;
  let end = 0;
  for (const track of tracksOf(video)) {
    const sink = new EncodedPacketSink(track);
    const first = await sink.getFirstPacket();
    const last = await sink.getPacket(Number.POSITIVE_INFINITY);
    if (first === null || last === null) throw new ContractError('media_invalid');
    start = Math.min(start, first.timestamp);
    end = Math.max(end, last.timestamp + last.duration);
  }
  return checkVideo(video, end - Math.max(0, start), limits);
}
