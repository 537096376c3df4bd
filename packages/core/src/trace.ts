import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** A W3C traceparent: version, trace id, parent id, flags. */
const traceparentPattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

const traces = new AsyncLocalStorage<string>();

export const isTraceparent = (text: unknown): text is string =>
  typeof text === 'string' && traceparentPattern.test(text);

/**
 * A new traceparent: in the trace of its parent, or in a new trace without a parent. `sampled`: whether the spans of a
 * new trace are recorded.
 */
export function newTraceparent(parent?: string, sampled = true): string {
  const traceId = isTraceparent(parent) ? parent.slice(3, 35) : randomBytes(16).toString('hex');
  const flags = isTraceparent(parent) ? parent.slice(-2) : sampled ? '01' : '00';
  return `00-${traceId}-${randomBytes(8).toString('hex')}-${flags}`;
}

/** The trace id within a traceparent: the key for searching logs. */
export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35);

/** Whether the spans of a trace are recorded: the lowest bit of the flags. */
export const isSampled = (traceparent: string): boolean =>
  (Number.parseInt(traceparent.slice(-1), 16) & 1) === 1;

/** Runs with a traceparent. Everything written meanwhile carries it, through the change relay to the workers. */
export const withTrace = <T>(traceparent: string, run: () => T): T => traces.run(traceparent, run);

/** The traceparent of the current work, if any. */
export const currentTrace = (): string | undefined => traces.getStore();

/**
 * Runs in the trace of a message that is handled alone. A batch belongs to many traces, so it gets an unsampled trace
 * of its own for its log lines. So does a message without a trace.
 */
export function inTraceOf<T>(traceparents: readonly (string | null | undefined)[], run: () => T): T {
  const [first, ...others] = traceparents;
  const alone = others.length === 0 ? first : undefined;
  return withTrace(alone ?? newTraceparent(undefined, false), run);
}

/** Runs outside any trace: for work that outlives the request that happened to start it, such as a timer. */
export const withoutTrace = <T>(run: () => T): T => traces.exit(run);

const bound = new WeakMap<object, string>();

/** Lets `withTraceOf` find the trace of a subject in a batch. */
export function bindTrace(subject: object, traceparent: string): void {
  bound.set(subject, traceparent);
}

/** Runs in the trace that the subject was bound to, or else in the current one. */
export function withTraceOf<T>(subject: object, run: () => T): T {
  const traceparent = bound.get(subject);
  return traceparent === undefined ? run() : traces.run(traceparent, run);
}
