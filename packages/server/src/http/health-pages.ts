import { raw } from 'ts-rest-koa';
import type { HttpReadiness } from './http-config.ts';
import { plainProblem } from './problem-response.ts';
import type { RequestState } from './request-state.ts';
import type { ReadyResponse } from './send-response.ts';
import type { Page } from './site.ts';

const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };

/** The process runs. */
export const livePage: ReadyResponse = { status: 200, headers, body: raw('{"status":"live"}') };

const readyBody = (isStorageFull: boolean): string =>
  isStorageFull ? '{"status":"degraded","reason":"storage_full"}' : '{"status":"ready"}';

/**
 * `/livez`: the process runs. `/readyz`: the process accepts requests. A full disk leaves the server ready, since reads
 * still work; the body and a metric report that writes do not.
 */
export const makeHealthPages = (
  readiness: HttpReadiness,
): readonly (readonly [path: string, page: Page])[] => [
  ['/livez', async () => livePage],
  [
    '/readyz',
    async (ctx) =>
      (await readiness.isReady())
        ? { status: 200, headers, body: raw(readyBody(readiness.isStorageFull?.() ?? false)) }
        : plainProblem('unavailable', (ctx.state as RequestState).requestId),
  ],
];
