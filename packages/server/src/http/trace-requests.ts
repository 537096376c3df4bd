import type { IncomingMessage } from 'node:http';
import type { OperationMetadata } from '@twite/contract';
import { isTraceparent, startSpan, withTrace } from '@twite/core/trace';
import type { Around } from 'ts-rest-koa';
import type { RequestState } from './request-state.ts';

type AroundOperation = Around<RequestState, OperationMetadata>;

const sentBy = ({ headers: { traceparent } }: IncomingMessage): string | undefined =>
  typeof traceparent === 'string' && isTraceparent(traceparent) ? traceparent : undefined;

/** Takes over the trace of the client, if it sent one: what is read costs no trace of its own. */
export function followTrace(req: IncomingMessage, state: RequestState): void {
  const sent = sentBy(req);
  if (sent !== undefined) state.trace = sent;
}

/** Begins a span, in the trace of the client if it sent one: for what may change something. */
export function beginTrace(req: IncomingMessage, state: RequestState): void {
  state.trace = startSpan(sentBy(req));
}

/** Runs the handler within the trace of the request, so that what it writes carries it on. */
export const traced =
  (around: AroundOperation | undefined): AroundOperation =>
  (ctx, input, next) => {
    const run = () => (around === undefined ? next() : around(ctx, input, next));
    const { trace } = ctx.state;
    return trace === undefined ? run() : withTrace(trace, run);
  };
