import { ContractError } from '@twite/contract';
import { currentTrace, isSampled, withTrace } from './trace.ts';

/** Attributes of a span: kinds, names and numbers. Never user content, user ids or secrets. */
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

/** As OpenTelemetry defines them. */
export type SpanKind = 'internal' | 'server' | 'client' | 'producer' | 'consumer';

export interface SpanDescription {
  /** Low cardinality, such as `insert posts`. */
  readonly name: string;
  readonly kind: SpanKind;
  readonly attributes?: SpanAttributes;
}

/** The relations of a span to other spans. */
export interface SpanOrigin {
  /** The traceparent of the span that caused this one. Undefined if it starts a trace. */
  readonly parent: string | undefined;
  /** Traceparents of related spans in other traces. */
  readonly links?: readonly string[];
}

/** A timed operation, until `end`. */
export interface Span {
  /** The traceparent for its children. */
  readonly traceparent: string;
  setAttributes(attributes: SpanAttributes): void;
  /** Ends the span; marks it as failed if an error type is given. Only the first call counts. */
  end(errorType?: string): void;
}

/** Records spans. */
export interface Tracer {
  start(description: SpanDescription, origin: SpanOrigin): Span;
}

let tracer: Tracer | undefined;

/** Sets the tracer of this process until disposed. Without a tracer, everything below is a no-op. */
export function useTracer(used: Tracer): Disposable {
  tracer = used;
  return {
    [Symbol.dispose]() {
      if (tracer === used) tracer = undefined;
    },
  };
}

/** Whether spans are recorded. If not, callers may skip building span descriptions. */
export const isTracing = (): boolean => tracer !== undefined;

/** Starts a span where work enters this process. Undefined if there is no tracer. */
export const startEntrySpan = (description: SpanDescription, origin: SpanOrigin): Span | undefined =>
  tracer?.start(description, origin);

/**
 * Starts a span within the current one, or within `parent`. Undefined, so that it costs nothing, if there is no tracer,
 * the trace is not sampled, or the work belongs to no trace, such as a clock check every second.
 */
export function startSpan(description: SpanDescription, parent = currentTrace()): Span | undefined {
  if (tracer === undefined || parent === undefined || !isSampled(parent)) return undefined;
  return tracer.start(description, { parent });
}

/** The current traceparent, if its spans are recorded: for carriers that need it for nothing else. */
export function sampledTrace(): string | undefined {
  if (tracer === undefined) return undefined;
  const trace = currentTrace();
  return trace !== undefined && isSampled(trace) ? trace : undefined;
}

const isThenable = (value: unknown): value is PromiseLike<unknown> =>
  typeof value === 'object' && value !== null && 'then' in value && typeof value.then === 'function';

/** Runs within a span, which ends when the function returns or its promise settles. */
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

/** The error type of a span: the error's code or name, never its message, which may quote user content. */
export function errorTypeOf(error: unknown): string {
  if (error instanceof ContractError) return error.code;
  const name = error instanceof Error ? error.name : '';
  return /^\w{1,60}$/.test(name) ? name : '_OTHER';
}
