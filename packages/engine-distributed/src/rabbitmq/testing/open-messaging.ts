import type { Invalidation } from '@twite/core/caching/invalidation';
import type { EngineObserver } from '@twite/core/measures/engine-observer';
import { currentTrace } from '@twite/core/trace';
import type { LogEntry } from '../../log.ts';
import type { LeaseTimes } from '../../mongodb/epoch-lease.ts';
import { MongoParkedMessages } from '../../mongodb/parked-messages.ts';
import { MongoScheduledJobs } from '../../mongodb/scheduled-jobs.ts';
import { mongoUrl, openTestMongo, type TestMongo } from '../../mongodb/testing/open-mongo.ts';
import { parkedChangesOf } from '../../relay/parked-changes.ts';
import { type Relay, startRelay } from '../../relay/relay.ts';
import { type Broker, openBroker } from '../broker.ts';
import { openRabbit } from '../connection.ts';
import { deleteTopology, namesIn } from '../topology.ts';

export const rabbitUrl = process.env.TWITE_TEST_RABBITMQ_URL ?? '';
export const canTest = rabbitUrl !== '' && mongoUrl !== '';

/** The parts of MongoDB that messaging needs. */
export type MongoParts = Pick<TestMongo, 'databases' | 'namespace'> & AsyncDisposable;

/** MongoDB and RabbitMQ as seen by one process. */
export interface TestMessaging<M extends MongoParts = TestMongo> extends AsyncDisposable {
  readonly mongo: M;
  readonly broker: Broker;
  readonly relay: Relay | undefined;
  readonly parked: MongoParkedMessages;
  readonly logged: LogEntry[];
  /** The trace in which a message was last logged. */
  readonly loggedIn: ReadonlyMap<string, string | undefined>;
  /** The invalidations that the relay made. */
  readonly invalidations: Invalidation[];
  /** Resolves with the next log entry that has this message. */
  told(msg: string): Promise<LogEntry>;
  settled(): Promise<void>;
  /** The same as seen by another process; close it before this. */
  beside(options?: MessagingOptions): Promise<TestMessaging<M>>;
  /** Closes like a process that exits, and keeps the data. */
  close(): Promise<void>;
  /** After `close`: opens like the next process to start. */
  reopen(): Promise<TestMessaging<M>>;
  /** After `close`: erases the kept data. */
  erase(): Promise<void>;
}

export interface MessagingOptions {
  readonly relays?: boolean;
  /** Whether opening waits until the relay is placed: true by default. */
  readonly waits?: boolean;
  readonly times?: LeaseTimes;
  readonly processId?: string;
  readonly observe?: EngineObserver;
  readonly url?: string;
  readonly schemaVersion?: number;
}

export async function openMessaging(options: MessagingOptions = {}): Promise<TestMessaging> {
  return openMessagingOn(await openTestMongo(), options);
}

export async function openMessagingOn<M extends MongoParts>(
  mongo: M,
  options: MessagingOptions = {},
): Promise<TestMessaging<M>> {
  const { relays = true, waits = true, times, processId = 'test', observe, url = rabbitUrl } = options;
  const { schemaVersion } = options;
  const { databases, namespace } = mongo;
  const logged: LogEntry[] = [];
  const invalidations: Invalidation[] = [];
  const listeners = new Set<(entry: LogEntry) => void>();
  const loggedIn = new Map<string, string | undefined>();
  const log = (entry: LogEntry) => {
    logged.push(entry);
    loggedIn.set(entry.msg, currentTrace());
    for (const listener of listeners) listener(entry);
  };
  const parked = new MongoParkedMessages({ collections: databases.collections, wallNow: Date.now });
  const changes = parkedChangesOf(databases);
  const scheduled = new MongoScheduledJobs({ collections: databases.collections, wallNow: Date.now });
  const isAnswering = async () => false;
  const broker = openBroker({ url, namespace, parked, changes, scheduled, log, observe, isAnswering });
  const relay = relays
    ? startRelay({
        databases,
        broker,
        log,
        processId,
        times,
        observe,
        schemaVersion,
        async invalidate(some) {
          invalidations.push(...some);
        },
      })
    : undefined;
  if (waits) await relay?.placed;
  let closed: Promise<void> | undefined;
  const close = () => {
    closed ??= (async () => {
      await relay?.[Symbol.asyncDispose]();
      await broker[Symbol.asyncDispose]();
    })();
    return closed;
  };
  const erase = async () => {
    await using rabbit = openRabbit({ url: rabbitUrl, log });
    await deleteTopology(rabbit.publishing, namesIn(namespace));
    await mongo[Symbol.asyncDispose]();
  };
  return {
    mongo,
    broker,
    relay,
    parked,
    logged,
    loggedIn,
    invalidations,
    told: (msg) =>
      new Promise((resolve) => {
        const listener = (entry: LogEntry) => {
          if (entry.msg !== msg) return;
          listeners.delete(listener);
          resolve(entry);
        };
        listeners.add(listener);
      }),
    settled: () => broker.settled(databases.deployments),
    beside: async (others = {}) => openMessagingOn(mongo, others),
    close,
    reopen: () => openMessagingOn(mongo, options),
    erase,
    async [Symbol.asyncDispose]() {
      await close();
      await erase();
    },
  };
}
