import { type EventType, eventTypes, isEventFor } from '@twite/core/events/event-catalogue';
import { consumerNames } from '@twite/core/events/event-stream';
import { jobClassOfQueue, jobQueueNames } from '@twite/core/jobs/job-catalogue';
import type { Connection } from 'rabbitmq-client';
import { databaseNames } from '../mongodb/databases.ts';
import { isOwnEventFor } from '../mongodb/event-origins.ts';
import { ownConsumerNames } from '../own-consumer-names.ts';
import { codeOf, type Rabbit } from './connection.ts';

/** The routing key of barriers, which go to every queue of events; the key of an event is its type. */
export const barrierKey = 'barrier';

/**
 * Jobs of releases that had no classes: their processes still send to it during an upgrade. Workers move its messages
 * to the queues of the classes.
 */
export const unclassedJobs = 'jobs';

export const isJobQueue = (workQueue: string): boolean =>
  workQueue === unclassedJobs || jobClassOfQueue(workQueue) !== undefined;

/** Every queue of events, by its short name. */
export const eventQueueNames: readonly string[] = [...consumerNames, ...ownConsumerNames];

/** Every queue of work, by its short name. */
export const workQueueNames: readonly string[] = [...eventQueueNames, ...jobQueueNames, unclassedJobs];

/** The queue under which the relay parks unreadable changes. It does not exist in the broker. */
export const relayQueue = 'relay';

/** How often the broker redelivers a message whose consumers die. After that it is a dead letter. */
const DELIVERIES_MAX = 20;
/**
 * A full queue makes the broker reject messages, and the relay waits for all consumers. This limit bounds the broker's
 * memory (about 32 bytes per message; the rest is on disk). Until then, a stopped consumer does not block the others.
 */
const QUEUE_LENGTH_MAX = 10_000_000;

/** The names of exchanges and queues in the broker. */
export interface Names {
  readonly events: string;
  readonly jobs: string;
  readonly dead: string;
  /** An exchange without messages: its existence shows that this is the broker that the relay of a deployment knows. */
  knownTo(relayId: string): string;
  queueOf(workQueue: string): string;
  /** The short name; undefined for a queue that is not Twite's. */
  workQueueOf(queue: string): string | undefined;
}

export function namesIn(namespace: string): Names {
  const events = `${namespace}.events`;
  const jobs = `${namespace}.jobs`;
  const queueOf = (workQueue: string) =>
    isJobQueue(workQueue) ? `${namespace}.${workQueue}` : `${events}.${workQueue}`;
  return {
    events,
    jobs,
    dead: `${namespace}.dead`,
    knownTo: (relayId) => `${namespace}.knownTo.${relayId}`,
    queueOf,
    workQueueOf: (queue) => workQueueNames.find((name) => queueOf(name) === queue),
  };
}

/** Declares everything that messaging needs. Idempotent; several processes may run it at once. */
export async function declareTopology(connection: Connection, names: Names): Promise<void> {
  await connection.exchangeDeclare({ exchange: names.events, type: 'topic', durable: true });
  await connection.exchangeDeclare({ exchange: names.jobs, type: 'direct', durable: true });
  await connection.exchangeDeclare({ exchange: names.dead, type: 'fanout', durable: true });
  await Promise.all([
    declareQueue(connection, { queue: names.dead, exchange: names.dead, routingKeys: [''] }),
    ...workQueueNames.map((name) =>
      declareQueue(connection, {
        queue: names.queueOf(name),
        exchange: isJobQueue(name) ? names.jobs : names.events,
        routingKeys: routingKeysOf(name),
        arguments: {
          'x-delivery-limit': DELIVERIES_MAX,
          'x-max-length': QUEUE_LENGTH_MAX,
          'x-overflow': 'reject-publish',
          'x-dead-letter-exchange': names.dead,
          'x-dead-letter-strategy': 'at-least-once',
        },
      }),
    ),
  ]);
}

/** The types of the events that the consumer of a queue handles. */
export function eventTypesFor(workQueue: string): readonly EventType[] {
  const own = ownConsumerNames.find((name) => name === workQueue);
  if (own !== undefined) return eventTypes.filter((type) => isOwnEventFor(own, type));
  const consumer = consumerNames.find((name) => name === workQueue);
  return consumer === undefined ? [] : eventTypes.filter((type) => isEventFor(consumer, type));
}

/** Events that no consumer handles: the broker would return them to the relay, so `upkeep` receives and ignores them. */
const unhandled = eventTypes.filter(
  (type) => !eventQueueNames.some((workQueue) => eventTypesFor(workQueue).includes(type)),
);

function routingKeysOf(workQueue: string): readonly string[] {
  if (workQueue === unclassedJobs) return ['job'];
  const jobClass = jobClassOfQueue(workQueue);
  if (jobClass !== undefined) return [jobClass];
  return [...eventTypesFor(workQueue), ...(workQueue === 'upkeep' ? unhandled : []), barrierKey];
}

/** Older releases bound most queues to every event. */
const everyKey = '#';

async function declareQueue(
  connection: Connection,
  to: {
    readonly queue: string;
    readonly exchange: string;
    readonly routingKeys: readonly string[];
    readonly arguments?: Readonly<Record<string, unknown>>;
  },
): Promise<void> {
  const { queue, exchange, routingKeys } = to;
  const channel = await connection.acquire();
  try {
    await channel.queueDeclare({
      queue,
      durable: true,
      arguments: { 'x-queue-type': 'quorum', ...to.arguments },
    });
    for (const routingKey of routingKeys) await channel.queueBind({ queue, exchange, routingKey });
    if (!routingKeys.includes('')) await channel.queueUnbind({ queue, exchange, routingKey: everyKey });
  } finally {
    await channel.close();
  }
}

/** For tests: erases the queues and their messages. */
export async function deleteTopology(connection: Connection, names: Names): Promise<void> {
  const queues = [names.dead, ...workQueueNames.map(names.queueOf)];
  await Promise.all(
    queues.map(async (queue) => {
      const channel = await connection.acquire();
      await channel.queueDelete({ queue });
      await channel.close();
    }),
  );
  // All four databases in one deployment, or each in its own.
  const marks = [databaseNames.join('+'), ...databaseNames].map(names.knownTo);
  for (const exchange of [names.events, names.jobs, names.dead, ...marks]) {
    await connection.exchangeDelete({ exchange });
  }
}

/** The number of ready messages in a queue; undefined when the queue does not exist. */
export function countReady(connection: Connection, queue: string): Promise<number | undefined> {
  return unlessMissing(connection, async (channel) => {
    const { messageCount } = await channel.queueDeclare({ queue, passive: true });
    return messageCount;
  });
}

/** Whether this is the broker that the relay marked, and not a new one in its place. */
export async function isKnown(connection: Connection, names: Names, relayId: string): Promise<boolean> {
  const found = await unlessMissing(connection, async (channel) => {
    await channel.exchangeDeclare({ exchange: names.knownTo(relayId), type: 'fanout', passive: true });
    return true;
  });
  return found === true;
}

export async function markKnown(connection: Connection, names: Names, relayId: string): Promise<void> {
  await connection.exchangeDeclare({ exchange: names.knownTo(relayId), type: 'fanout', durable: true });
}

/** The broker closes a channel that asks for something missing. */
async function unlessMissing<T>(
  connection: Connection,
  ask: (channel: Awaited<ReturnType<Connection['acquire']>>) => Promise<T>,
): Promise<T | undefined> {
  const channel = await connection.acquire();
  try {
    return await ask(channel);
  } catch (error) {
    if (codeOf(error) === 'NOT_FOUND') return undefined;
    throw error;
  } finally {
    await channel.close();
  }
}

/** The topology as this process knows it: declared once each time the broker was lost. */
export interface Topology {
  /** Resolves when everything is declared. */
  ensure(): Promise<void>;
  /** Call it when something was missing or a connection was lost: the broker may be a different one. */
  doubt(): void;
}

export function keepTopology(rabbit: Rabbit, names: Names): Topology {
  let declared: Promise<void> | undefined;
  return {
    ensure() {
      if (declared !== undefined) return declared;
      const declaring = declareTopology(rabbit.consuming, names);
      declared = declaring;
      declaring.catch(() => {
        if (declared === declaring) declared = undefined;
      });
      return declaring;
    },
    doubt() {
      declared = undefined;
    },
  };
}
