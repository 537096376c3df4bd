import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes } from 'node:crypto';
import { currentTrace, traceIdOf } from '@twite/core/trace';

/** A request as named in the log. */
export interface NamedRequest {
  readonly requestId: string;
  /** Its traceparent, once it has one. */
  readonly trace?: string;
  /** The trace id of a request without a traceparent; generated when its first line is logged. */
  ownTraceId?: string;
}

/** The fields that log lines of the same request or message share. */
export interface LogNames {
  readonly requestId?: string;
  readonly traceId?: string;
}

const requests = new AsyncLocalStorage<NamedRequest>();

/** Runs within a request: every line logged meanwhile carries its ids, however deep in an engine. */
export const withRequest = <T>(request: NamedRequest, run: () => T): T => requests.run(request, run);

/** The ids of a request, for lines logged outside of `withRequest`. */
export function namesOfRequest(request: NamedRequest): Required<LogNames> {
  const { requestId, trace } = request;
  if (trace !== undefined) return { requestId, traceId: traceIdOf(trace) };
  request.ownTraceId ??= randomBytes(16).toString('hex');
  return { requestId, traceId: request.ownTraceId };
}

/** The ids of the current request or message. A new object each time: pino adds the line's own fields to it. */
export function currentNames(): LogNames {
  const request = requests.getStore();
  const trace = currentTrace();
  const traceId = trace === undefined ? undefined : traceIdOf(trace);
  if (request === undefined) return traceId === undefined ? {} : { traceId };
  return traceId === undefined ? namesOfRequest(request) : { requestId: request.requestId, traceId };
}
