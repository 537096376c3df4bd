import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';

/** A W3C traceparent: version, trace id, parent id, flags. */
const traceparentPattern = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;

const traces = new AsyncLocalStorage<string>();

export const isTraceparent = (text: string | undefined): text is string =>
  text !== undefined && traceparentPattern.test(text);

/** A new span: in the trace given, or in a new one when that is none. */
export function startSpan(parent?: string): string {
  const traceId = isTraceparent(parent) ? parent.slice(3, 35) : randomBytes(16).toString('hex');
  const flags = isTraceparent(parent) ? parent.slice(-2) : '01';
  return `00-${traceId}-${randomBytes(8).toString('hex')}-${flags}`;
}

/** The trace id within a traceparent: what logs are searched by. */
export const traceIdOf = (traceparent: string): string => traceparent.slice(3, 35);

/** Runs with a traceparent; what is written meanwhile carries it, through the change relay to the workers. */
export const withTrace = <T>(traceparent: string, run: () => T): T => traces.run(traceparent, run);

/** The traceparent of what is running, if it has one. */
export const currentTrace = (): string | undefined => traces.getStore();
