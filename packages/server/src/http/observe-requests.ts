import type { IncomingMessage, ServerResponse } from 'node:http';
import { performance } from 'node:perf_hooks';
import type { HttpLog, HttpMetrics } from './http-config.ts';
import { namesOf, type RequestState } from './request-state.ts';

/** The client closed the connection before it was answered. */
const clientGone = 499;

const pathMax = 200;

// Without the query: what people search for is nobody's business.
const pathOf = (url: string): string => {
  const end = url.indexOf('?');
  return url.slice(0, Math.min(end === -1 ? url.length : end, pathMax));
};

const reads = (method: string): boolean => method === 'GET' || method === 'HEAD' || method === 'OPTIONS';

function levelOf(method: string, status: number): 'debug' | 'info' | 'error' {
  if (status >= 500) return 'error';
  return status < 400 && reads(method) ? 'debug' : 'info';
}

/** Counts and logs a request when its response is over, however it ends. */
export function observeRequest(
  { log, metrics }: { readonly log: HttpLog; readonly metrics: HttpMetrics },
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
    const level = levelOf(method, status);
    if (!log.isLevelEnabled(level)) return;
    const line = {
      ...(operationId === undefined ? { path: pathOf(url) } : { operationId }),
      method,
      status,
      ms: Math.round(ms * 100) / 100,
      ...namesOf(state),
      ...(principal === undefined ? {} : { accountId: principal.account.accountId }),
      ...(whole ? {} : { aborted: true }),
    };
    log[level](line, 'request');
  });
}
