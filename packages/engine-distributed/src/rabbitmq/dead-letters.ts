import type { ParkedMessage } from '@twite/core/queues/work-queues';
import type { AsyncMessage } from 'rabbitmq-client';
import { type Consuming, consumeDeliveries, loggedPayload } from './deliveries.ts';
import { type Reading, readEventMessage, readJobMessage } from './messages.ts';
import { openProgress } from './progress.ts';
import { isJobQueue, type Names } from './topology.ts';

interface DeadLetter {
  /** The short name of the queue in which it died. */
  readonly queue: string;
  readonly payload: ParkedMessage['payload'];
  readonly error: string;
}

/** Parks the dead letters of the broker: messages whose consumers died again and again. */
export function drainDeadLetters(consuming: Consuming, names: Names): Promise<AsyncDisposable> {
  return consumeDeliveries<DeadLetter>(
    // These are not work, so nobody waits for them.
    { ...consuming, progress: openProgress() },
    {
      queue: names.dead,
      workQueue: 'dead',
      prefetch: 16,
      concurrency: 1,
      batchMax: 1,
      read: (message) => ({ kind: 'message', message: deadLetterOf(message, names) }),
      payloadOf: ({ payload }) => payload,
      handle: async (deliveries) => {
        for (const { message: deadLetter } of deliveries) {
          await consuming.parked.park(deadLetter);
          consuming.observe.parked(deadLetter.queue);
          const { queue, payload, error: err } = deadLetter;
          consuming.log({ level: 'error', msg: 'dead letter parked', queue, ...loggedPayload(payload), err });
        }
      },
    },
  );
}

function deadLetterOf({ headers, body }: AsyncMessage, names: Names): DeadLetter {
  const brokerQueue = String(headers?.['x-first-death-queue'] ?? firstDeathQueue(headers?.['x-death']));
  const reason = String(headers?.['x-first-death-reason'] ?? 'not told');
  const queue = names.workQueueOf(brokerQueue) ?? brokerQueue;
  return { queue, payload: payloadIn(readIn(queue, body)), error: `the broker gave it up: ${reason}` };
}

/** The deaths, newest first. */
function firstDeathQueue(deaths: unknown): unknown {
  const first: unknown = Array.isArray(deaths) ? deaths.at(-1) : undefined;
  return typeof first === 'object' && first !== null && 'queue' in first ? first.queue : 'dead';
}

function readIn(queue: string, body: unknown): Reading<ParkedMessage['payload']> {
  if (isJobQueue(queue)) {
    const reading = readJobMessage(body);
    return reading.kind === 'message' ? { kind: 'message', message: reading.message.job } : reading;
  }
  const reading = readEventMessage(body);
  return reading.kind === 'message' ? { kind: 'message', message: reading.message.event } : reading;
}

function payloadIn(reading: Reading<ParkedMessage['payload']>): ParkedMessage['payload'] {
  if (reading.kind === 'message') return reading.message;
  if (reading.kind === 'unreadable') return { unreadable: reading.unreadable.unreadable };
  return { unreadable: JSON.stringify(reading.barrier) };
}
