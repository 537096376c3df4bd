import { bindTrace, isSampled, traceIdOf, withTrace } from '@twite/core/trace';
import {
  errorTypeOf,
  isTracing,
  type Span,
  type SpanDescription,
  startEntrySpan,
  startSpan,
} from '@twite/core/tracer';
import type { Outgoing } from './publisher.ts';

/** A message as far as traces are concerned. */
export interface TracedMessage {
  /** What is done for it alone belongs to the message's trace. */
  readonly subject: object | undefined;
  readonly traceparent: string | undefined;
}

const published = new Map<string, SpanDescription>();

/** Exchanges and routing keys are few: names of events, classes of jobs, queues. */
function describePublishing({ exchange, routingKey }: Outgoing): SpanDescription {
  const destination = exchange === '' ? routingKey : `${exchange}:${routingKey}`;
  let description = published.get(destination);
  if (description === undefined) {
    description = {
      name: `publish ${destination}`,
      kind: 'producer',
      attributes: {
        'messaging.system': 'rabbitmq',
        'messaging.operation.name': 'publish',
        'messaging.operation.type': 'send',
        'messaging.destination.name': destination,
        'messaging.rabbitmq.destination.routing_key': routingKey,
      },
    };
    published.set(destination, description);
  }
  return description;
}

/** Starts the span of a message that is published, within the trace that it carries; its consumers continue from it. */
export const startPublishing = (message: Outgoing): Span | undefined =>
  isTracing() ? startSpan(describePublishing(message), message.traceparent) : undefined;

const describeProcessing = (queue: string, workQueue: string, messages: number): SpanDescription => ({
  name: `process ${workQueue}`,
  kind: 'consumer',
  attributes: {
    'messaging.system': 'rabbitmq',
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': queue,
    ...(messages > 1 ? { 'messaging.batch.message_count': messages } : {}),
  },
});

/** As many as a span keeps. */
const linksMax = 128;

/**
 * Handles messages in their traces. Each that is sampled has a span of its own, a child of the one that published it, which
 * ends when all are handled. What is done for the batch as a whole belongs to the first of them, which has links to the
 * others, and they to it. Messages that no request caused have no span.
 */
export async function processInSpans(
  { queue, workQueue }: { readonly queue: string; readonly workQueue: string },
  messages: readonly TracedMessage[],
  handle: () => Promise<void>,
): Promise<void> {
  const sampled = isTracing()
    ? messages.flatMap(({ subject, traceparent }) =>
        traceparent !== undefined && isSampled(traceparent) ? [{ subject, traceparent }] : [],
      )
    : [];
  const [first, ...others] = sampled;
  if (first === undefined) return handleUnmeasured(messages, handle);
  const description = describeProcessing(queue, workQueue, messages.length);
  const links = others
    .filter(({ traceparent }) => traceIdOf(traceparent) !== traceIdOf(first.traceparent))
    .map(({ traceparent }) => traceparent)
    .slice(0, linksMax);
  const main = startEntrySpan(description, { parent: first.traceparent, links });
  if (main === undefined) return handle();
  const spans = [main];
  bind(first.subject, main);
  for (const { subject, traceparent } of others) {
    const span = startEntrySpan(description, { parent: traceparent, links: [main.traceparent] });
    if (span === undefined) continue;
    bind(subject, span);
    spans.push(span);
  }
  let errorType: string | undefined;
  try {
    await withTrace(main.traceparent, handle);
  } catch (error) {
    errorType = errorTypeOf(error);
    throw error;
  } finally {
    for (const span of spans) span.end(errorType);
  }
}

function bind(subject: object | undefined, { traceparent }: Span): void {
  if (subject !== undefined) bindTrace(subject, traceparent);
}

/** A batch that is not measured belongs to many traces, and so to none. */
function handleUnmeasured(messages: readonly TracedMessage[], handle: () => Promise<void>): Promise<void> {
  const [first, ...others] = messages;
  if (first?.traceparent === undefined || others.length > 0) return handle();
  return withTrace(first.traceparent, handle);
}
