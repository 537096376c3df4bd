import type { IncomingMessage, ServerResponse } from 'node:http';
import type { OperationMetadata } from '@twite/contract';
import { isTraceparent, newTraceparent, withTrace } from '@twite/core/trace';
import { isTracing, type SpanDescription, startEntrySpan } from '@twite/core/tracer';
import type { Around, BeforeBodyHook, Operation } from 'ts-rest-koa';
import { clientGone } from './observe-requests.ts';
import type { RequestState } from './request-state.ts';

type AroundOperation = Around<RequestState, OperationMetadata>;
type Hook = BeforeBodyHook<RequestState, OperationMetadata>;

const sentBy = ({ headers: { traceparent } }: IncomingMessage): string | undefined =>
  typeof traceparent === 'string' && isTraceparent(traceparent) ? traceparent : undefined;

/** Continues the client's trace, if it sent one: reads do not start traces. */
function followTrace(req: IncomingMessage, state: RequestState): void {
  const sent = sentBy(req);
  if (sent !== undefined) state.trace = sent;
}

/** Starts a trace, or continues the client's: for requests that may change something. */
function beginTrace(req: IncomingMessage, state: RequestState): void {
  state.trace = newTraceparent(sentBy(req));
}

/**
 * Measures a request until its connection has sent the answer, in the trace of the client if it sent one. Records only
 * the route, not the path: paths contain handles, ids and keys of media.
 */
export function beginRequestSpan(
  description: SpanDescription,
  req: IncomingMessage,
  res: ServerResponse,
  state: RequestState,
): void {
  const span = startEntrySpan(description, { parent: sentBy(req) });
  if (span === undefined) return;
  state.trace = span.traceparent;
  res.once('close', () => {
    const isWhole = res.writableFinished || res.headersSent;
    const status = isWhole ? res.statusCode : clientGone;
    span.setAttributes({ 'http.response.status_code': status });
    span.end(status < 500 ? undefined : String(status));
  });
}

/** Runs within the trace of the request, if it has one. */
export const runWithin = <T>({ trace }: Pick<RequestState, 'trace'>, run: () => T): T =>
  trace === undefined ? run() : withTrace(trace, run);

const within =
  (hook: Hook): Hook =>
  (ctx) =>
    runWithin(ctx.state, () => hook(ctx));

/** Runs the handler within the trace of the request, so that its writes propagate it. */
const traced =
  (around: AroundOperation | undefined): AroundOperation =>
  (ctx, input, next) =>
    runWithin(ctx.state, () => (around === undefined ? next() : around(ctx, input, next)));

export interface OperationTracing {
  /** Decides which trace the request belongs to. */
  readonly begin: (req: IncomingMessage, res: ServerResponse, state: RequestState) => void;
  readonly hook: (hook: Hook) => Hook;
  readonly around: (around: AroundOperation | undefined) => AroundOperation | undefined;
}

/**
 * How an operation is traced. Decided once, so that without a tracer a read costs nothing, and a write costs no more
 * than the traceparent that it propagates.
 */
export function traceOperation({ operationId, route }: Operation<OperationMetadata>): OperationTracing {
  const reads = route.method === 'GET';
  if (!isTracing()) {
    return reads
      ? {
          begin: (req, _res, state) => followTrace(req, state),
          hook: (hook) => hook,
          around: (around) => around,
        }
      : { begin: (req, _res, state) => beginTrace(req, state), hook: (hook) => hook, around: traced };
  }
  const description: SpanDescription = {
    name: `${route.method} ${route.path}`,
    kind: 'server',
    attributes: {
      'http.request.method': route.method,
      'http.route': route.path,
      'twite.operation': operationId,
    },
  };
  return {
    begin: (req, res, state) => beginRequestSpan(description, req, res, state),
    hook: within,
    around: traced,
  };
}
