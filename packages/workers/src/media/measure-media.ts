import type { Metrics } from '@twite/process/metrics';
import type { OwnMediaProcessor } from './create-media-processor.ts';

/** How busy the processes for media are, whenever metrics are asked for. */
export function measureMedia(
  { observe }: Metrics,
  processor: Pick<OwnMediaProcessor, 'waitingCount' | 'pids'>,
): void {
  observe('twite_media_queue_depth', 'Files that wait to be processed.', () => processor.waitingCount);
  observe('twite_media_processes', 'Processes for media that run or rest.', () => processor.pids.length);
}
