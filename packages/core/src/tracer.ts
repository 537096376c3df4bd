import { ContractError } from '@twite/contract';
import { currentTrace, isSampled, withTrace } from './trace.ts';

/** What a span says about what it measures: kinds, names and numbers. Never what people wrote, ids of theirs or secrets. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** As OpenTelemetry defines them. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

export interface SpanDescription {
  /** Of few possible values, such as `insert posts`. */
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes?: SpanAttributes;
}

/** Where a span stands among others. */
export interface SpanOrigin {
  /** The traceparent of the span that caused this one; undefined: it begins a trace. */
  readonly parent: string | undefined;
  /** Traceparents of spans of other traces that it has to do with. */
  readonly links?: readonly string[];
}

/** Something that takes time, until `end`. */
export interface Span {
  /** What its children name as their parent. */
  readonly traceparent: string;
  setAttributes(attributes: SpanAttributes): void;
  /** Ends the span; as failed when there is a type of error. The first call counts. */
  end(errorType?: string): void;
}

/** Keeps spans. */
export interface Tracer {
  start(description: SpanDescription, origin: SpanOrigin): Span;
}

let tracer: Tracer | undefined;

/** Sets the tracer of this process, until disposed. Without one, everything below does nothing. */
export function useTracer(used: Tracer): Disposable {
  tracer = used;
  return {
    [Symbol.dispose]() {
      if (tracer === used) tracer = undefined;
    },
  };
}

/** Whether spans are kept: what only describes them may be left out otherwise. */
export const isTracing = (): boolean => tracer !== undefined;

/** Starts a span where work comes into this process. Undefined: there is no tracer. */
export const startEntrySpan = (description: SpanDescription, origin: SpanOrigin): Span | undefined =>
  tracer?.start(description, origin);

/**
 * Starts a span within the current one, or within `parent`. Undefined, so that it costs nothing: there is no tracer, the
 * trace is not sampled, or the work belongs to no trace, such as a look at the clock every second.
 */
export function startSpan(description: SpanDescription, parent = currentTrace()): Span | undefined {
  if (tracer === undefined || parent === undefined || !isSampled(parent)) return undefined;
  return tracer.start(description, { parent });
}

/** The current traceparent, if its spans are kept: for what carries it somewhere that nothing else has a use for it. */
export function sampledTrace(): string | undefined {
  if (tracer === undefined) return undefined;
  const trace = currentTrace();
  return trace !== undefined && isSampled(trace) ? trace : undefined;
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** Runs within a span, which ends when the result is there or the promise has settled. */
export function runIn<T>(span: Span | undefined, run: () => T): T {
  if (span === undefined) return run();
  let result: T;
  try {
    result = withTrace(span.traceparent, run);
  } catch (error) {
    span.end(errorTypeOf(error));
    throw error;
  }
  if (isThenable(result)) {
    result.then(
      () => span.end(),
      (error) => span.end(errorTypeOf(error)),
    );
  } else span.end();
  return result;
}

/** Runs within a new child of the current span. */
export const inSpan = <T>(description: SpanDescription, run: () => T): T =>
  tracer === undefined ? run() : runIn(startSpan(description), run);

/** What a span says about an error: its code or its name, never its message, which may quote what people wrote. */
export function errorTypeOf(error: unknown): string {
  if (error instanceof ContractError) return error.code;
  const name = error instanceof Error ? error.name : '';
  return /^\w{1,60}$/.test(name) ? name : '_OTHER';
}
