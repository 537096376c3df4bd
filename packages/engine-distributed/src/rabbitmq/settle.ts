import { randomUUID } from 'node:crypto';
import type { Deployment } from '../mongodb/databases.ts';
import { writeBarrier } from './messages.ts';
import type { Progress } from './progress.ts';
import type { Publisher } from './publisher.ts';
import type { Names } from './topology.ts';

export interface Settling {
  readonly progress: Progress;
  readonly publisher: Publisher;
  readonly names: Names;
  readonly deployments: readonly Pick<Deployment, 'barriers'>[];
}

/**
 * Resolves when every event so far, and every job they caused, was handled by the consumers of this process. A relay has
 * to run somewhere. A barrier follows all that was written, through the relay and every queue; when one got through and
 * met nothing on its way, with nobody at work when it was sent, nothing is left.
 */
export async function settle(settling: Settling): Promise<void> {
  const { progress } = settling;
  for (;;) {
    await progress.idle();
    const { received, isIdle } = progress;
    if (!isIdle) continue;
    await Promise.all([sendThroughEvents(settling), sendThroughJobs(settling)]);
    if (progress.received === received) return;
  }
}

async function sendThroughEvents({ progress, deployments }: Settling): Promise<void> {
  const queues = progress.queues().filter((queue) => queue !== 'jobs');
  if (queues.length === 0) return;
  const sendThrough = async ({ barriers }: Pick<Deployment, 'barriers'>) => {
    const barrierId = randomUUID();
    const passed = progress.passed(queues, barrierId);
    await barriers.insertOne({ _id: barrierId, createdAt: new Date() });
    await passed;
  };
  await Promise.all(deployments.map(sendThrough));
}

async function sendThroughJobs({ progress, publisher, names }: Settling): Promise<void> {
  if (!progress.queues().includes('jobs')) return;
  const barrierId = randomUUID();
  const passed = progress.passed(['jobs'], barrierId);
  const at = Date.now();
  await publisher.publish({
    exchange: names.jobs,
    routingKey: 'job',
    body: writeBarrier({ barrierId, at }),
    at,
  });
  await passed;
}
