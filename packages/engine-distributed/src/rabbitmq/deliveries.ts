import type { EngineObserver } from '@twite/core/measures/engine-observer';
import { processInSpans } from '@twite/core/process-in-spans';
import type { ParkedMessage } from '@twite/core/queues/work-queues';
import { inTraceOf } from '@twite/core/trace';
import { type DependencyName, Unavailable } from '@twite/core/unavailable';
import type { AsyncMessage } from 'rabbitmq-client';
import { hit } from '../failpoints.ts';
import type { Log } from '../log.ts';
import { attemptsMax, awayDelayMs, describeError, retryDelayMs } from './attempts.ts';
import type { Rabbit } from './connection.ts';
import { type Delivery, type Inbound, inboundOf, takeBatch } from './inbound.ts';
import { describeProcessing } from './message-spans.ts';
import type { Reading } from './messages.ts';
import type { ParkedMessages } from './parked.ts';
import { pause } from './pause.ts';
import type { Progress } from './progress.ts';
import { openReceiver, type Received } from './receiver.ts';
import type { Topology } from './topology.ts';

/** State that all consumers of a process share. */
export interface Consuming {
  readonly rabbit: Rabbit;
  readonly topology: Topology;
  readonly parked: ParkedMessages;
  readonly progress: Progress;
  readonly observe: EngineObserver;
  readonly log: Log;
  /** Whether a dependency answers a ping right now. */
  readonly isAnswering: (dependency: DependencyName) => Promise<boolean>;
  /** How long a message may keep timing out on dependencies that answer pings. 10 minutes by default. */
  readonly slowMsMax?: number;
  /** The consumers that were not disposed yet. */
  readonly running: Set<AsyncDisposable>;
}

const SLOW_MS_MAX = 600_000;
/** A dependency that was unavailable only briefly is not pinged. */
const AWAY_BEFORE_PING = 5;

const traceparentOf = ({ traceparent }: Delivery<unknown>) => traceparent;

/** Ids only: an unreadable payload may contain anything, and is kept with the parked message. */
export const loggedPayload = (
  payload: ParkedMessage['payload'],
): { readonly payload?: ParkedMessage['payload'] } => ('unreadable' in payload ? {} : { payload });

export interface Deliveries<M> {
  /** The name in the broker. */
  readonly queue: string;
  /** The short name, or the queue under which its messages are parked. */
  readonly workQueue: string;
  readonly prefetch: number;
  /** The number of concurrent handlers; one keeps the order. */
  readonly concurrency: number;
  /** The maximum number of messages that a handler receives at once. */
  readonly batchMax: number;
  /**
   * The time from the start of one batch to the start of the next: messages that arrive meanwhile are handled together.
   * None by default.
   */
  readonly gatherMs?: number;
  /** Never throws. */
  readonly read: (message: AsyncMessage) => Reading<M>;
  readonly payloadOf: (message: M) => ParkedMessage['payload'];
  /** The object that the handler passes on for a message: work done for it alone belongs to the message's trace. */
  readonly subjectOf?: (message: M) => object;
  readonly handle: (deliveries: readonly Delivery<M>[]) => Promise<void>;
  /** How often it failed before it was put into this queue. Zero by default. */
  readonly failuresBefore?: (message: M) => number;
  /**
   * Durably stores a message that failed this often, to requeue it later; false when it is to be retried in place,
   * which is the default for all.
   */
  readonly postpone?: (delivery: Delivery<M>, failures: number) => Promise<boolean>;
}

/**
 * Passes the messages of a queue to a handler, and acknowledges the handled ones. A failed message is retried here, in
 * place, so that the order is kept and nothing depends on how the broker treats rejected messages: none are ever
 * rejected. A message that may be postponed comes again later instead. After five failures a message is parked. An
 * unavailable dependency is not a failure: the queue waits for it. A message that keeps timing out although the
 * dependency answers pings is parked after `slowMsMax`: it is too slow by itself, and would block the queue. Disposing
 * waits for the running handlers; messages that were not started go back to the queue.
 */
export async function consumeDeliveries<M>(
  consuming: Consuming,
  deliveries: Deliveries<M>,
): Promise<AsyncDisposable> {
  const { progress, observe, log, slowMsMax = SLOW_MS_MAX } = consuming;
  const { queue, workQueue, concurrency, batchMax, gatherMs = 0 } = deliveries;
  const inbox: Inbound<M>[] = [];
  const working = new Set<Promise<void>>();
  const stopping = new AbortController();
  let begunMs = Number.NEGATIVE_INFINITY;
  let gathering: NodeJS.Timeout | undefined;

  const finish = (inbound: Inbound<M>) => progress.finished(workQueue, inbound);
  const isOver = ({ received }: Inbound<M>) => stopping.signal.aborted || received.isLost();

  function onMessage(received: Received): void {
    const inbound = inboundOf(received, deliveries.read);
    if (inbound.at !== null) {
      observe.delivered(workQueue, Math.max(0, Date.now() - inbound.at) / 1_000);
    }
    if (inbound.reading.kind !== 'barrier') progress.came(workQueue, inbound);
    inbox.push(inbound);
    if (batchMax === 1) pump();
    // Messages that arrive together are handled together.
    else if (inbox.length === 1 || !mayGather()) setImmediate(pump);
  }

  /** Not while someone waits for all work to finish, or for a barrier, which follows all of these messages. */
  const mayGather = () =>
    inbox.length < batchMax &&
    !progress.isAwaited &&
    inbox.every(({ reading }) => reading.kind !== 'barrier');

  function pump(): void {
    while (!stopping.signal.aborted && working.size < concurrency && inbox.length > 0) {
      const waitMs = begunMs + gatherMs - performance.now();
      if (waitMs > 0 && mayGather()) {
        gathering ??= setTimeout(() => {
          gathering = undefined;
          pump();
        }, waitMs);
        return;
      }
      begunMs = performance.now();
      const work = process(takeBatch(inbox, batchMax)).then(() => {
        working.delete(work);
        pump();
      });
      working.add(work);
    }
  }

  async function process(batch: readonly Inbound<M>[]): Promise<void> {
    const [first] = batch;
    if (first === undefined) return;
    const { reading, received } = first;
    if (reading.kind === 'barrier') {
      received.ack(false);
      progress.reached(workQueue, reading.barrier.barrierId);
    } else if (reading.kind === 'unreadable') {
      const { unreadable, reason } = reading.unreadable;
      await inTraceOf(batch.map(traceparentOf), () => park(first, { unreadable }, reason));
    } else {
      await inTraceOf(batch.map(traceparentOf), () => handleBatch(batch));
    }
    for (const inbound of batch) finish(inbound);
  }

  async function handleBatch(batch: readonly Inbound<M>[]): Promise<void> {
    const error = await attempt(batch);
    if (error === undefined) return;
    log({
      level: 'warn',
      msg: error instanceof Unavailable ? 'queue waiting for dependency' : 'message handling failed',
      ...(error instanceof Unavailable ? { dependency: error.dependency } : {}),
      queue: workQueue,
      messages: batch.length,
      err: error,
    });
    for (const inbound of batch) {
      // A message that failed in a batch may not be the cause.
      await inTraceOf([inbound.traceparent], () =>
        handleAlone(inbound, batch.length === 1 ? error : undefined),
      );
      finish(inbound);
    }
  }

  async function handleAlone(inbound: Inbound<M>, errorBefore: unknown): Promise<void> {
    let error = errorBefore ?? (isOver(inbound) ? undefined : await attempt([inbound]));
    const { failuresBefore = () => 0 } = deliveries;
    let slowSince: number | undefined;
    for (let failures = failuresBefore(inbound.message), away = 0; error !== undefined; ) {
      if (error instanceof Unavailable) {
        away += 1;
        const isSlow = away >= AWAY_BEFORE_PING && (await consuming.isAnswering(error.dependency));
        slowSince = isSlow ? (slowSince ?? performance.now()) : undefined;
      } else {
        failures += 1;
        away = 0;
        slowSince = undefined;
      }
      const isTooSlow = slowSince !== undefined && performance.now() - slowSince >= slowMsMax;
      if (failures >= attemptsMax || isTooSlow) {
        await park(inbound, deliveries.payloadOf(inbound.message), describeError(error));
        return;
      }
      observe.retried(workQueue);
      if (away === 0 && (await postponed(inbound, failures))) {
        inbound.received.ack(false);
        return;
      }
      if (isOver(inbound)) return;
      await pause(away > 0 ? awayDelayMs(away) : retryDelayMs(failures), stopping.signal);
      if (isOver(inbound)) return;
      error = await attempt([inbound]);
    }
  }

  /**
   * Whether a message is stored elsewhere until it comes again. Retries until that is known; tries once when stopping.
   */
  async function postponed(inbound: Inbound<M>, failuresOfIt: number): Promise<boolean> {
    const { postpone } = deliveries;
    if (postpone === undefined) return false;
    for (let failures = 1; !inbound.received.isLost(); failures += 1) {
      try {
        return await postpone(inbound, failuresOfIt);
      } catch (failure) {
        log({ level: 'warn', msg: 'message not postponed', queue: workQueue, err: failure });
      }
      if (stopping.signal.aborted) return false;
      await pause(awayDelayMs(failures), stopping.signal);
    }
    return false;
  }

  const span = describeProcessing(deliveries);
  const tracedOf = ({ message, traceparent }: Inbound<M>) => ({
    subject: deliveries.subjectOf?.(message),
    traceparent,
  });

  /** Handles and acknowledges a batch, or returns the error. */
  async function attempt(batch: readonly Inbound<M>[]): Promise<unknown> {
    const startMs = performance.now();
    hit('deliveries.beforeHandle');
    try {
      await processInSpans(span, batch.map(tracedOf), () => deliveries.handle(batch));
    } catch (error) {
      return error ?? new Error('nothing was thrown');
    }
    hit('deliveries.afterHandle');
    observe.handled(workQueue, (performance.now() - startMs) / 1_000, batch.length);
    batch.at(-1)?.received.ack(concurrency === 1);
    hit('deliveries.afterAck');
    return undefined;
  }

  async function park(inbound: Inbound<M>, payload: ParkedMessage['payload'], error: string): Promise<void> {
    for (let failures = 1; !isOver(inbound); failures += 1) {
      try {
        await consuming.parked.park({ queue: workQueue, payload, error });
        inbound.received.ack(false);
        observe.parked(workQueue);
        const facts = { queue: workQueue, ...loggedPayload(payload), err: error };
        log({ level: 'error', msg: 'message parked', ...facts });
        return;
      } catch (failure) {
        const facts = { queue: workQueue, ...loggedPayload(payload), err: failure };
        log({ level: 'warn', msg: 'message not parked', ...facts });
        await pause(awayDelayMs(failures), stopping.signal);
      }
    }
  }

  progress.started(workQueue);
  const hurryNoMore = progress.onAwaited(pump);
  const receiver = await openReceiver({
    ...consuming,
    queue,
    prefetch: deliveries.prefetch,
    onMessage,
    onLost: () => {
      for (const inbound of inbox.splice(0)) finish(inbound);
    },
  });
  let disposed: Promise<void> | undefined;
  async function dispose(): Promise<void> {
    stopping.abort();
    clearTimeout(gathering);
    hurryNoMore();
    await receiver.stop();
    await Promise.all(working);
    for (const inbound of inbox.splice(0)) finish(inbound);
    await receiver.close();
    progress.stopped(workQueue);
    consuming.running.delete(consumption);
  }
  const consumption: AsyncDisposable = {
    [Symbol.asyncDispose]() {
      disposed ??= dispose();
      return disposed;
    },
  };
  consuming.running.add(consumption);
  return consumption;
}
