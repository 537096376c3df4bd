import { isTracing, type Span, type SpanDescription, startSpan } from '@twite/core/tracer';
import type { Outgoing } from './publisher.ts';

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

/** Starts the span of a published message, within the trace that it carries; its consumers continue the trace. */
export const startPublishing = (message: Outgoing): Span | undefined =>
  isTracing() ? startSpan(describePublishing(message), message.traceparent) : undefined;

/** Describes the processing of messages of a queue. */
export const describeProcessing = ({
  queue,
  workQueue,
}: {
  readonly queue: string;
  readonly workQueue: string;
}): SpanDescription => ({
  name: `process ${workQueue}`,
  kind: 'consumer',
  attributes: {
    'messaging.system': 'rabbitmq',
    'messaging.operation.name': 'process',
    'messaging.operation.type': 'process',
    'messaging.destination.name': queue,
  },
});
