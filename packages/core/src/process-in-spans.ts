import { bindTrace, isSampled, traceIdOf, withTrace } from './trace.ts';
import { errorTypeOf, isTracing, type Span, type SpanDescription, startEntrySpan } from './tracer.ts';

/** The tracing data of a queue message. */
export interface TracedMessage {
  /** Work for this subject alone belongs to the message's trace: see `withTraceOf`. */
  readonly subject: object | undefined;
  /** The traceparent of the span that sent it. Undefined if no request caused it, so that it has no span. */
  readonly traceparent: string | undefined;
}

/** The maximum number of links of a span. */
const linksMax = 128;

/**
 * Handles messages in their traces. Each sampled message gets a span, a child of the span that sent it, which ends when
 * all are handled. Work for the batch as a whole belongs to the span of the first message. That span and the others
 * link to each other.
 */
export async function processInSpans(
  description: SpanDescription,
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
  const described = messages.length > 1 ? withCount(description, messages.length) : description;
  const links = others
    .filter(({ traceparent }) => traceIdOf(traceparent) !== traceIdOf(first.traceparent))
    .map(({ traceparent }) => traceparent)
    .slice(0, linksMax);
  const main = startEntrySpan(described, { parent: first.traceparent, links });
  if (main === undefined) return handle();
  const spans = [main];
  bind(first.subject, main);
  for (const { subject, traceparent } of others) {
    const span = startEntrySpan(described, { parent: traceparent, links: [main.traceparent] });
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

const withCount = (description: SpanDescription, count: number): SpanDescription => ({
  ...description,
  attributes: { ...description.attributes, 'messaging.batch.message_count': count },
});

function bind(subject: object | undefined, { traceparent }: Span): void {
  if (subject !== undefined) bindTrace(subject, traceparent);
}

/** Handles messages without spans. A batch of several belongs to many traces, and therefore to none. */
function handleUnmeasured(messages: readonly TracedMessage[], handle: () => Promise<void>): Promise<void> {
  const [first, ...others] = messages;
  if (first?.traceparent === undefined || others.length > 0) return handle();
  return withTrace(first.traceparent, handle);
}
