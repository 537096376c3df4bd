import type { Status } from '@twite/contract';
import type { QueueState } from './work-queues.ts';

/** A queue as shown to administrators. */
export const presentQueue = ({
  queue,
  workers,
  waiting,
  oldestMs,
  parked,
}: QueueState): Status['queues'][number] => ({
  queue,
  workers,
  waiting,
  oldestMs,
  parked,
});
