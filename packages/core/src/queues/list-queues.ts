import type { QueueList } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { presentQueue } from './present-queue.ts';

/** Every queue that workers consume. */
export async function listQueues({ queues }: Pick<Deps, 'queues'>): Promise<QueueList> {
  return { items: (await queues.list()).map(presentQueue) };
}
