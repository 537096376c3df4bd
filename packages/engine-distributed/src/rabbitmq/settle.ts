import { randomUUID } from 'node:crypto';
import type { Deployment } from '../mongodb/databases.ts';
import { writeBarrier } from './messages.ts';
import { pause } from './pause.ts';
import { barrierIn, type Progress } from './progress.ts';
import type { Publisher } from './publisher.ts';
import { isJobQueue, type Names } from './topology.ts';

export interface Settling {
  readonly progress: Progress;
  readonly publisher: Publisher;
  readonly names: Names;
  readonly deployments: readonly Pick<Deployment, 'barriers'>[];
  /** Publishes jobs that are due by now to their queues. */
  readonly publishDueJobs: () => Promise<void>;
}

/**
 * Resolves when the consumers of this process have handled every event so far and every job they caused, except jobs
 * that are not due. A relay must be running somewhere. A barrier follows everything written, through the relay and
 * every queue; when one got through and met no messages on its way, with no consumer working when it was sent, nothing
 * is left.
 */
export async function settle(settling: Settling): Promise<void> {
  const { progress } = settling;
  for (;;) {
    await progress.idle();
    const { received, isIdle } = progress;
    if (!isIdle) continue;
    const jobQueues = progress.queues().filter(isJobQueue);
    if (jobQueues.length > 0) await settling.publishDueJobs();
    await Promise.all([
      sendThroughEvents(settling),
      ...jobQueues.map((queue) => sendThroughJobs(settling, queue)),
    ]);
    if (progress.received === received) return;
  }
}

async function sendThroughEvents({ progress, deployments }: Settling): Promise<void> {
  const queues = progress.queues().filter((queue) => !isJobQueue(queue));
  if (queues.length === 0) return;
  const sendThrough = ({ barriers }: Pick<Deployment, 'barriers'>) =>
    untilPassed(progress, queues, async (barrierId) => {
      await barriers.insertOne({ _id: barrierId, createdAt: new Date() });
    });
  await Promise.all(deployments.map(sendThrough));
}

async function sendThroughJobs({ progress, publisher, names }: Settling, queue: string): Promise<void> {
  await untilPassed(progress, [queue], async (barrierId) => {
    const at = Date.now();
    await publisher.publish({
      exchange: '',
      routingKey: names.queueOf(queue),
      body: writeBarrier({ barrierId, at }),
      at,
    });
  });
}

const RESEND_MS = 500;
const RESEND_MS_MAX = 5_000;

/** Sends barriers until each queue had one: other processes that consume the queue may have received some. */
async function untilPassed(
  progress: Progress,
  queues: readonly string[],
  send: (barrierId: string) => Promise<void>,
): Promise<void> {
  const series = randomUUID();
  const passed = new AbortController();
  const passing = progress.passed(queues, series).then(() => passed.abort());
  for (let sent = 0; !passed.signal.aborted; sent++) {
    await send(barrierIn(series, sent));
    await Promise.race([passing, pause(Math.min(RESEND_MS_MAX, RESEND_MS * 2 ** sent), passed.signal)]);
  }
}
