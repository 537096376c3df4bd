import type { CallOutcome, EngineObserver } from '@twite/core/measures/engine-observer';
import { runIn } from '@twite/core/tracer';
import { Unavailable } from '@twite/core/unavailable';
import type { Channel } from 'rabbitmq-client';
import { parting } from '../in-time.ts';
import type { Log } from '../log.ts';
import type { Rabbit } from './connection.ts';
import { startPublishing } from './message-spans.ts';
import type { Topology } from './topology.ts';

export interface Outgoing {
  /** Empty to address a queue by its name. */
  readonly exchange: string;
  readonly routingKey: string;
  readonly body: Buffer;
  /** The time of its event, in milliseconds. */
  readonly at: number | null;
  readonly traceparent?: string | undefined;
}

/** No queue accepted a message: it would have been lost, although the broker confirmed it. */
export class Unroutable extends Error {
  constructor({ exchange, routingKey }: Outgoing) {
    super(`no queue takes messages for ${exchange === '' ? 'the default exchange' : exchange} ${routingKey}`);
    this.name = 'Unroutable';
  }
}

export interface Publisher extends AsyncDisposable {
  /**
   * Resolves when the broker holds the message durably, in every queue that it is for. Rejects with `Unroutable`, or
   * with `Unavailable`: then the outcome is unknown. Messages are sent in the order of the calls.
   */
  publish(message: Outgoing): Promise<void>;
}

export interface PublisherOptions {
  readonly rabbit: Rabbit;
  readonly topology: Topology;
  readonly log: Log;
  readonly observe?: EngineObserver | undefined;
  /** The maximum number of messages that wait for their confirms. */
  readonly inFlightMax?: number;
  readonly deadlineMs?: number;
  /** When the connection is lost, waiting messages are rejected too, so that nothing overtakes the lost ones. */
  readonly strict?: boolean;
  /** Called when the channel is lost. */
  readonly onLost?: () => void;
}

interface Item {
  readonly message: Outgoing;
  readonly messageId: string;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly timer: NodeJS.Timeout;
  readonly sinceMs: number;
  returned: boolean;
  settled: boolean;
}

const REOPEN_MS_MAX = 2_000;

const outcomeOf = (error: Error | undefined): CallOutcome => {
  if (error === undefined) return 'answered';
  return error instanceof Unroutable ? 'failed' : 'unavailable';
};

/** Publishes with confirms, on a channel that is reopened when it is lost. */
export function openPublisher(options: PublisherOptions): Publisher {
  const { rabbit, topology, log, observe, inFlightMax = 500, deadlineMs = 5_000 } = options;
  const { strict = false, onLost } = options;
  const queue: Item[] = [];
  const inFlight = new Map<string, Item>();
  let channel: Channel | undefined;
  let opening: Promise<void> | undefined;
  let failedOpenings = 0;
  let reopenTimer: NodeJS.Timeout | undefined;
  let lastMessageId = 0;
  let closing: PromiseWithResolvers<void> | undefined;

  function settle(item: Item, error?: Error): void {
    if (item.settled) return;
    item.settled = true;
    clearTimeout(item.timer);
    inFlight.delete(item.messageId);
    observe?.called('rabbitmq', outcomeOf(error), (performance.now() - item.sinceMs) / 1_000);
    if (error === undefined) item.resolve();
    else item.reject(error);
    pump();
  }

  function pump(): void {
    while (queue[0]?.settled === true) queue.shift();
    if (queue.length > 0 && channel === undefined) open();
    while (queue.length > 0 && channel !== undefined && inFlight.size < inFlightMax) {
      const item = queue.shift();
      if (item !== undefined && !item.settled) send(channel, item);
    }
    if (queue.length === 0 && inFlight.size === 0) closing?.resolve();
  }

  function send(on: Channel, item: Item): void {
    const { exchange, routingKey, body, at, traceparent } = item.message;
    inFlight.set(item.messageId, item);
    const confirmed = on.basicPublish(
      {
        exchange,
        routingKey,
        messageId: item.messageId,
        mandatory: true,
        durable: true,
        contentType: 'application/json',
        headers: {
          ...(at === null ? {} : { 'x-twite-at': String(at) }),
          ...(traceparent === undefined ? {} : { traceparent }),
        },
      },
      body,
    );
    confirmed.then(
      // The client reports a returned message shortly after its confirmation.
      () => setImmediate(() => settle(item, item.returned ? unroutable(item) : undefined)),
      (error: unknown) => settle(item, new Unavailable('rabbitmq', error)),
    );
  }

  function unroutable(item: Item): Unroutable {
    topology.doubt();
    drop(channel);
    return new Unroutable(item.message);
  }

  function open(): void {
    if (opening !== undefined || reopenTimer !== undefined) return;
    opening = openChannel().then(
      () => {
        opening = undefined;
        failedOpenings = 0;
        pump();
      },
      (error: unknown) => {
        opening = undefined;
        failedOpenings += 1;
        topology.doubt();
        log({ level: 'warn', msg: 'publish channel not opened', err: error });
        const delayMs = Math.random() * Math.min(REOPEN_MS_MAX, 50 * 2 ** failedOpenings);
        reopenTimer = setTimeout(() => {
          reopenTimer = undefined;
          pump();
        }, delayMs);
      },
    );
  }

  async function openChannel(): Promise<void> {
    await topology.ensure();
    const opened = await rabbit.publishing.acquire({ emitErrorsFromChannel: true });
    opened.on('error', (error) => log({ level: 'warn', msg: 'publish channel failed', err: error }));
    opened.on('basic.return', ({ messageId }) => {
      const item = inFlight.get(messageId ?? '');
      if (item !== undefined) item.returned = true;
    });
    opened.on('close', () => drop(opened));
    await opened.confirmSelect();
    channel = opened;
  }

  /** Abandons a channel: its unconfirmed messages may be lost. */
  function drop(dropped: Channel | undefined): void {
    if (dropped === undefined || channel !== dropped) return;
    channel = undefined;
    topology.doubt();
    const lost = [...inFlight.values(), ...(strict ? queue.splice(0) : [])];
    inFlight.clear();
    for (const item of lost) if (!item.returned) settle(item, new Unavailable('rabbitmq'));
    if (dropped.active) dropped.close().catch(() => {});
    if (closing === undefined) onLost?.();
  }

  function enqueue(message: Outgoing): Promise<void> {
    return new Promise((resolve, reject) => {
      lastMessageId += 1;
      const item: Item = {
        message,
        messageId: String(lastMessageId),
        sinceMs: performance.now(),
        resolve,
        reject,
        // The client drops a message that it was writing when the connection broke, so only a deadline detects it.
        timer: setTimeout(() => {
          const wasSent = inFlight.has(item.messageId);
          settle(item, new Unavailable('rabbitmq'));
          if (wasSent) drop(channel);
        }, deadlineMs),
        returned: false,
        settled: false,
      };
      queue.push(item);
      pump();
    });
  }

  return {
    publish(message) {
      if (closing !== undefined) return Promise.reject(new Unavailable('rabbitmq'));
      const span = startPublishing(message);
      if (span === undefined) return enqueue(message);
      const { traceparent } = span;
      return runIn(span, () => enqueue({ ...message, traceparent }));
    },
    async [Symbol.asyncDispose]() {
      closing ??= Promise.withResolvers<void>();
      pump();
      await closing.promise;
      clearTimeout(reopenTimer);
      await opening;
      const last = channel;
      channel = undefined;
      // A channel that hangs is destroyed with the connection.
      await parting(last?.close());
    },
  };
}
