import { everything, type Invalidation } from '@twite/core/caching/invalidation';
import type { DomainEvent } from '@twite/core/events/domain-event';
import { invalidationsOf } from '@twite/core/events/invalidations-of';
import type { EngineObserver } from '@twite/core/measures/engine-observer';
import { isTraceparent } from '@twite/core/trace';
import { isTracing, runIn, type Span, startSpan } from '@twite/core/tracer';
import { Unavailable } from '@twite/core/unavailable';
import type { ChangeStreamOptions, ResumeToken } from 'mongodb';
import type { Log } from '../log.ts';
import type { Databases, Deployment } from '../mongodb/databases.ts';
import type { SnapshotDoc } from '../mongodb/documents.ts';
import type { MongoParkedMessages } from '../mongodb/parked-messages.ts';
import type { Broker } from '../rabbitmq/broker.ts';
import { writeBarrier, writeEvent } from '../rabbitmq/messages.ts';
import { openPublisher, type Publisher } from '../rabbitmq/publisher.ts';
import { barrierKey, isKnown, markKnown, relayQueue } from '../rabbitmq/topology.ts';
import type { Change } from './change-events.ts';
import { operationTimeOf, type RawChange, relayableOf, timeOf, watchDeployment } from './change-stream.ts';
import type { Lease } from './leader-lease.ts';
import { openWindow } from './relay-window.ts';
import { snapshotOf } from './snapshot.ts';
import { writeChange } from './unreadable-changes.ts';

/** The parts that relaying needs for any deployment. */
export interface Relaying {
  readonly databases: Databases;
  readonly broker: Pick<Broker, 'rabbit' | 'names' | 'topology'>;
  /** Invalidates cached values in every process. */
  readonly invalidate: (invalidations: readonly Invalidation[]) => Promise<void>;
  /** Where unreadable changes are parked. */
  readonly parked: Pick<MongoParkedMessages, 'parkOnce'>;
  readonly log: Log;
  readonly observe: EngineObserver;
}

export interface Run {
  readonly relayId: string;
  readonly deployment: Deployment;
  readonly lease: Lease;
  /** Ends the run. */
  readonly signal: AbortSignal;
  readonly idleSaveMs: number;
  /** The token of an invalidation, from which only `startAfter` can resume. */
  readonly startAfter: ResumeToken | undefined;
  readonly startWith: number;
  /** Called when it is known where relaying starts from. */
  readonly onPlaced: () => void;
  readonly onSaved: () => void;
}

/**
 * Relays a deployment's changes until something fails, or the signal ends it. Resolves with the token of the
 * invalidation, if one ended it.
 */
export async function runRelay(relaying: Relaying, run: Run): Promise<ResumeToken | undefined> {
  const { broker, databases, log } = relaying;
  const { deployment, lease } = run;
  const failing = new AbortController();
  const fail = (error: unknown) => failing.abort(error);
  const signal = AbortSignal.any([run.signal, lease.lost, failing.signal]);
  await using publisher = openPublisher({
    rabbit: broker.rabbit,
    topology: broker.topology,
    log,
    observe: relaying.observe,
    strict: true,
    onLost: () => fail(new Unavailable('rabbitmq')),
  });
  const from = await findStart(relaying, run, publisher, signal);
  if (from === undefined) return undefined;
  run.onPlaced();
  const window = openWindow({ ...run, log, onFailure: fail });
  const stream = watchDeployment(deployment, databases, from);
  const close = () => void stream.close().catch(() => {});
  signal.addEventListener('abort', close);
  try {
    while (!signal.aborted && lease.isHeld()) {
      const change = await stream.tryNext();
      if (change === null) {
        window.idle({ resumeToken: stream.resumeToken, relayedAt: Date.now() });
        continue;
      }
      if (change.operationType === 'invalidate') return change._id;
      await window.room();
      if (signal.aborted || !lease.isHeld()) break;
      window.add(
        { resumeToken: change._id, relayedAt: timeOf(change) ?? Date.now() },
        relayChange(relaying, run, publisher, change),
      );
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  } finally {
    signal.removeEventListener('abort', close);
    close();
    await window.close();
  }
  if (failing.signal.aborted) throw failing.signal.reason;
  return undefined;
}

type Start = Pick<ChangeStreamOptions, 'resumeAfter' | 'startAfter' | 'startAtOperationTime'>;

/** The position to stream from; undefined when the run ended meanwhile. */
async function findStart(
  relaying: Relaying,
  run: Run,
  publisher: Publisher,
  signal: AbortSignal,
): Promise<Start | undefined> {
  const { broker, log } = relaying;
  const { deployment, lease, relayId } = run;
  if (run.startAfter !== undefined) return { startAfter: run.startAfter };
  const [place, isOurs, now] = await Promise.all([
    lease.findPlace(),
    isKnown(broker.rabbit.publishing, broker.names, relayId),
    operationTimeOf(deployment),
  ]);
  if (isOurs && place.snapshot === undefined && place.resumeToken !== undefined) {
    return { resumeAfter: place.resumeToken };
  }
  // A broker without the mark is a new one: the messages of the previous one are gone.
  let snapshot = isOurs ? place.snapshot : undefined;
  if (snapshot === undefined) {
    snapshot = { from: now, isThrough: false };
    log({ level: 'info', msg: 'relay snapshot started', databases: deployment.databases });
    await invalidate(relaying, everything);
    // Before the mark: a mark alone would mean that the last place belongs to this broker.
    await lease.saveSnapshot(snapshot);
    await markKnown(broker.rabbit.publishing, broker.names, relayId);
  }
  const isThrough = snapshot.isThrough || (await relaySnapshot(relaying, run, publisher, signal, snapshot));
  return isThrough ? { startAtOperationTime: snapshot.from } : undefined;
}

/** Relays the current state as events, from the place that it last reached. Returns whether it completed. */
async function relaySnapshot(
  relaying: Relaying,
  { deployment, lease, onSaved }: Run,
  publisher: Publisher,
  signal: AbortSignal,
  { from, place: begun }: SnapshotDoc,
): Promise<boolean> {
  const { databases, log } = relaying;
  let count = 0;
  const snapshot = snapshotOf(databases.collections, deployment.databases, begun);
  for await (const { events, unreadable, place } of snapshot) {
    await Promise.all(
      events.map((event) => publishEvent(relaying, publisher, { event, at: null, snapshot: true })),
    );
    for (const { change, reason } of unreadable) {
      // With the snapshot's time: a snapshot that resumes after a crash parks a document once.
      await park(relaying, lease, { change, reason, at: from.getHighBitsUnsigned() * 1_000, key: '' });
    }
    await lease.saveSnapshot({ from, place, isThrough: false });
    onSaved();
    count += events.length;
    if (signal.aborted || !lease.isHeld()) return false;
  }
  await lease.saveSnapshot({ from, isThrough: true });
  log({ level: 'info', msg: 'relay snapshot completed', databases: deployment.databases, events: count });
  return true;
}

async function relayChange(
  relaying: Relaying,
  { deployment, lease }: Run,
  publisher: Publisher,
  change: RawChange,
): Promise<void> {
  const relayable = relayableOf(change, deployment.barriers.collectionName);
  if (relayable.kind === 'event') {
    const { event, traceparent } = relayable;
    // Only a time in milliseconds shows how long an event took; without one, the current time is the closest.
    const at = change.wallTime?.getTime() ?? Date.now();
    const span = traceparent === undefined ? undefined : startRelaying(event.type, traceparent);
    const published = { event, at, snapshot: false, traceparent: span?.traceparent ?? traceparent };
    await runIn(span, () =>
      Promise.all([
        publishEvent(relaying, publisher, published),
        invalidate(relaying, invalidationsOf(event)),
      ]),
    );
  } else if (relayable.kind === 'barrier') {
    const { barrierId, at } = relayable;
    await publisher.publish({
      exchange: relaying.broker.names.events,
      routingKey: barrierKey,
      body: writeBarrier({ barrierId, at }),
      at,
    });
    relaying.observe.published('barrier');
    // The barrier has served its purpose; any barrier left here expires by its age.
    deployment.barriers.deleteOne({ _id: barrierId }).catch(() => {});
  } else if (relayable.kind === 'unreadable') {
    const { change: unreadable, reason } = relayable;
    const key = JSON.stringify(change._id);
    await park(relaying, lease, { change: unreadable, reason, at: timeOf(change) ?? Date.now(), key });
  }
}

/** Starts the span of a change on its way from MongoDB to the broker, within the request that wrote it. */
const startRelaying = (type: DomainEvent['type'], traceparent: string): Span | undefined =>
  isTracing() && isTraceparent(traceparent)
    ? startSpan({ name: `relay ${type}`, kind: 'internal', attributes: { 'twite.event': type } }, traceparent)
    : undefined;

/** Parks a change; when it resolves, the place may move past the change. */
async function park(
  { parked, observe, log }: Relaying,
  lease: Lease,
  unreadable: {
    readonly change: Change;
    readonly reason: string;
    readonly at: number;
    readonly key: string;
  },
): Promise<void> {
  const { change, reason, at, key } = unreadable;
  // Changes written by a newer release are left to its relay: this one has lost the lead then, and may not know it yet.
  await lease.confirm();
  const text = writeChange(change);
  const message = { queue: relayQueue, payload: { unreadable: text }, error: reason };
  if (!(await parked.parkOnce(message, { at, key }))) return;
  observe.parked(relayQueue);
  log({ level: 'error', msg: 'unreadable change parked', collection: change.collection, reason });
}

/** Unreachable caches are bypassed in their processes: no reason to hold the events. */
async function invalidate(relaying: Relaying, invalidations: readonly Invalidation[]): Promise<void> {
  try {
    await relaying.invalidate(invalidations);
  } catch (error) {
    relaying.log({ level: 'warn', msg: 'cache invalidation failed', err: error });
  }
}

async function publishEvent(
  { broker, observe }: Relaying,
  publisher: Publisher,
  given: {
    readonly event: DomainEvent;
    readonly at: number | null;
    readonly snapshot: boolean;
    readonly traceparent?: string | undefined;
  },
): Promise<void> {
  const { event, at, traceparent } = given;
  await publisher.publish({
    exchange: broker.names.events,
    routingKey: event.type,
    body: writeEvent(given),
    at,
    traceparent,
  });
  observe.published('event');
}
