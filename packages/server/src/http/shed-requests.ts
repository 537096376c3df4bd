import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { errorTable, type OperationId, type Priority } from '@twite/contract';
import type { HttpLog, HttpMetrics } from './http-config.ts';
import { problemResponse, type ToldError } from './problem-response.ts';
import { requestIdOf } from './request-id.ts';
import { writeResponse } from './send-response.ts';
import type { LoadShedder } from './shed-load.ts';

/** The target of a request, as far as its priority depends on it. */
export interface Asked {
  /** Undefined: not an operation. */
  readonly operationId: OperationId | undefined;
  readonly priority: Priority;
}

export interface ShedOptions {
  readonly shedder: LoadShedder;
  /** Undefined: never rejected. */
  readonly askedOf: (method: string, url: string) => Asked | undefined;
  /** Sets the headers of every answer. */
  readonly setHeaders: (req: IncomingMessage, res: ServerResponse) => void;
  readonly metrics: Pick<HttpMetrics, 'requestShed'>;
  readonly log: Pick<HttpLog, 'warn'>;
  readonly now?: () => number;
}

const { status, detail } = errorTable.overloaded;

/** Clients that were rejected together retry at different times. */
const refusals: readonly ToldError[] = [1, 2, 3, 4].map((retryAfterSeconds) => ({
  code: 'overloaded',
  status,
  message: detail,
  errors: undefined,
  retryAfterSeconds,
}));
/** A line per rejected request would be load of its own. */
const logEveryMs = 10_000;

/**
 * Rejects requests with 503 and Retry-After while the server is overloaded, before anything is done for them, and
 * passes the others to `answer`.
 */
export function shedRequests(
  answer: RequestListener,
  { shedder, askedOf, setHeaders, metrics, log, now = () => performance.now() }: ShedOptions,
): RequestListener {
  let refusedCount = 0;
  let loggedCount = 0;
  let loggedAt = Number.NEGATIVE_INFINITY;

  const tell = (): void => {
    const at = now();
    if (at - loggedAt < logEveryMs) return;
    log.warn({ shed: refusedCount - loggedCount }, 'shedding load');
    loggedAt = at;
    loggedCount = refusedCount;
  };

  const refuse = (req: IncomingMessage, res: ServerResponse): void => {
    const requestId = requestIdOf(req.headers['x-request-id']);
    const error = refusals[refusedCount % refusals.length] as ToldError;
    res.setHeader('x-request-id', requestId);
    setHeaders(req, res);
    writeResponse(req, res, problemResponse(error, requestId));
  };

  return (req, res) => {
    if (shedder.arrive()) {
      const { method = 'GET', url = '/' } = req;
      const asked = askedOf(method, url);
      if (asked !== undefined && shedder.isTooMuch(asked.priority)) {
        refuse(req, res);
        refusedCount++;
        metrics.requestShed(asked.priority, asked.operationId, method);
        tell();
        return;
      }
    }
    answer(req, res);
  };
}
