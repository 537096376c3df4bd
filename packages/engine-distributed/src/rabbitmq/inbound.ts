import { isTraceparent } from '@twite/core/trace';
import type { AsyncMessage } from 'rabbitmq-client';
import type { Reading } from './messages.ts';
import type { Received } from './receiver.ts';

/** A message as passed to its handler. */
export interface Delivery<M> {
  readonly message: M;
  /** The time of its event, in milliseconds. */
  readonly at: number | null;
  readonly traceparent: string | undefined;
  /** How often it was delivered to a consumer before. */
  readonly deliveriesBefore: number;
}

/** A message in the inbox of a consumer. */
export interface Inbound<M> extends Delivery<M> {
  readonly received: Received;
  readonly reading: Reading<M>;
}

/**
 * Takes the next batch. A message that is not a plain one comes alone, and so does a redelivered one, which may have
 * killed its consumer.
 */
export function takeBatch<M>(inbox: Inbound<M>[], batchMax: number): readonly Inbound<M>[] {
  const mixes = ({ reading, deliveriesBefore }: Inbound<M>) =>
    reading.kind === 'message' && deliveriesBefore === 0;
  const stop = inbox.slice(0, batchMax).findIndex((inbound) => !mixes(inbound));
  return inbox.splice(0, stop < 0 ? batchMax : Math.max(1, stop));
}

export function inboundOf<M>(received: Received, read: (message: AsyncMessage) => Reading<M>): Inbound<M> {
  const { message } = received;
  const reading = read(message);
  const headers = message.headers ?? {};
  const atHeader = Number(headers['x-twite-at']);
  return {
    received,
    reading,
    // Only handlers read it, and they only receive messages.
    message: (reading.kind === 'message' ? reading.message : undefined) as M,
    at: Number.isFinite(atHeader) && atHeader > 0 ? atHeader : null,
    traceparent: isTraceparent(headers.traceparent) ? headers.traceparent : undefined,
    deliveriesBefore: deliveriesBefore(message),
  };
}

/** From RabbitMQ 4.3 on, `x-delivery-count` excludes returned deliveries; `x-acquired-count` includes them. */
function deliveriesBefore({ headers, redelivered }: AsyncMessage): number {
  const count = Number(headers?.['x-acquired-count'] ?? headers?.['x-delivery-count'] ?? 0);
  return Math.max(Number.isFinite(count) ? count : 0, redelivered ? 1 : 0);
}
