import { expect, test } from 'vitest';
import { processInSpans } from './process-in-spans.ts';
import { currentTrace, newTraceparent, traceIdOf, withTrace, withTraceOf } from './trace.ts';
import { inSpan, type SpanDescription, type SpanOrigin, useTracer } from './tracer.ts';

interface KeptSpan extends SpanDescription, SpanOrigin {
  readonly traceparent: string;
  /** Undefined while it runs. */
  ended?: { readonly errorType: string | undefined };
}

/** A tracer that records every span. */
function keepSpans() {
  const spans: KeptSpan[] = [];
  const tracer = useTracer({
    start(description, origin) {
      const span: KeptSpan = { ...description, ...origin, traceparent: newTraceparent(origin.parent) };
      spans.push(span);
      return {
        traceparent: span.traceparent,
        setAttributes() {},
        end(errorType) {
          span.ended ??= { errorType };
        },
      };
    },
  });
  return { spans, [Symbol.dispose]: () => tracer[Symbol.dispose]() };
}

const description = { name: 'process fanOut', kind: 'consumer' } as const;
const unsampled = () => newTraceparent(undefined, false);

test('one message is handled in a child of the span that sent it', async () => {
  using kept = keepSpans();
  const sent = newTraceparent();
  let during: string | undefined;
  await processInSpans(description, [{ subject: {}, traceparent: sent }], async () => {
    during = currentTrace();
  });
  expect(kept.spans).toEqual([
    { ...description, parent: sent, links: [], traceparent: during, ended: { errorType: undefined } },
  ]);
});

test('each message of a batch has a span in its own trace, with links to the work for all', async () => {
  using kept = keepSpans();
  const subjects = [{}, {}, {}, {}];
  const [one, two] = [newTraceparent(), newTraceparent()];
  const traceparents = [undefined, one, unsampled(), two];
  const messages = subjects.map((subject, index) => ({ subject, traceparent: traceparents[index] }));
  const seen: (string | undefined)[] = [];
  await processInSpans(description, messages, async () => {
    inSpan({ name: 'for all', kind: 'client' }, () => undefined);
    for (const subject of subjects) seen.push(withTraceOf(subject, () => traceIdOf(currentTrace() ?? '')));
  });
  const [first, second, forAll] = kept.spans;
  expect(kept.spans.map(({ name, parent }) => [name, parent])).toEqual([
    ['process fanOut', one],
    ['process fanOut', two],
    ['for all', first?.traceparent],
  ]);
  expect(first?.links).toEqual([two]);
  expect(second?.links).toEqual([first?.traceparent]);
  expect(first?.attributes).toEqual({ 'messaging.batch.message_count': 4 });
  expect(forAll?.ended).toBeDefined();
  // Work for one of them belongs to its trace; the others have no trace.
  expect(seen).toEqual([one, one, one, two].map(traceIdOf));
});

test('a failure is recorded on all spans, by its type only, and is thrown', async () => {
  using kept = keepSpans();
  const messages = [newTraceparent(), newTraceparent()].map((traceparent) => ({ subject: {}, traceparent }));
  const handling = processInSpans(description, messages, () => Promise.reject(new RangeError('a secret')));
  await expect(handling).rejects.toThrow('a secret');
  expect(kept.spans.map(({ ended }) => ended)).toEqual([
    { errorType: 'RangeError' },
    { errorType: 'RangeError' },
  ]);
});

test('without a tracer one message is handled in its trace, and a batch in the current one', async () => {
  const [outer, one, two] = [newTraceparent(), newTraceparent(), newTraceparent()];
  const during = (...traceparents: readonly (string | undefined)[]) =>
    withTrace(outer, async () => {
      let found: string | undefined;
      const messages = traceparents.map((traceparent) => ({ subject: {}, traceparent }));
      await processInSpans(description, messages, async () => {
        found = currentTrace();
      });
      return found;
    });
  expect(await Promise.all([during(one), during(one, two), during(undefined)])).toEqual([one, outer, outer]);
});
