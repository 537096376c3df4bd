import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { HttpLog, HttpMetrics } from './http-config.ts';
import { mediaPrefix } from './media/serve-media.ts';
import { namesOf, type RequestState } from './request-state.ts';

/** The client closed the connection before it was answered. */
export const clientGone = 499;

const pathMax = 200;

// Without the query: searches are private.
const pathOf = (url: string): string => {
  // Anyone who knows the key of an object may see it.
  if (url.startsWith(mediaPrefix)) return `${mediaPrefix}:key`;
  const end = url.indexOf('?');
  return url.slice(0, Math.min(end === -1 ? url.length : end, pathMax));
};

const reads = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

export interface ObserveOptions {
  readonly log: HttpLog;
  readonly metrics: HttpMetrics;
  /** For requests that change something or are refused. Reads are logged at `debug`, and failures at `error`. */
  readonly requestLevel: 'debug' | 'info';
}

/** Counts and logs a request when its response is over, however it ends. */
export function observeRequest(
  { log, metrics, requestLevel }: ObserveOptions,
  req: IncomingMessage,
  res: ServerResponse,
  state: RequestState,
): void {
  const startedAt = performance.now();
  metrics.requestStarted();
  res.once('close', () => {
    const ms = performance.now() - startedAt;
    const { method = 'GET', url = '/' } = req;
    const { operationId, principal } = state;
    const whole = res.writableFinished;
    const status = whole || res.headersSent ? res.statusCode : clientGone;
    metrics.requestFinished({
      operation: operationId ?? state.surface ?? 'none',
      method,
      status,
      seconds: ms / 1000,
      errorCode: state.errorCode,
    });
    const level = status >= 500 ? 'error' : status < 400 && reads(method) ? 'debug' : requestLevel;
    if (!log.isLevelEnabled(level)) return;
    const line = {
      ...(operationId === undefined ? { path: pathOf(url) } : { operationId }),
      method,
      status,
      ms: Math.round(ms * 100) / 100,
      ...namesOf(state),
      ...(principal === undefined ? {} : { accountId: principal.account.accountId }),
    };
    log[level](line, whole ? 'request completed' : 'request aborted');
  });
}
