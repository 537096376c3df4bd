import { raw } from 'ts-rest-koa';
import type { HttpReadiness } from './http-config.ts';
import { plainProblem } from './problem-response.ts';
import type { RequestState } from './request-state.ts';
import type { Page } from './site.ts';

const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };

const readyBody = (isStorageFull: boolean): string =>
  isStorageFull ? '{"status":"degraded","reason":"storage_full"}' : '{"status":"ready"}';

/**
 * `/livez`: the process runs. `/readyz`: send requests here. A full disk leaves the server ready, since reads still work;
 * the body and a metric say that writes do not.
 */
export const makeHealthPages = (
  readiness: HttpReadiness,
): readonly (readonly [path: string, page: Page])[] => [
  ['/livez', async () => ({ status: 200, headers, body: raw('{"status":"live"}') })],
  [
    '/readyz',
    async (ctx) =>
      (await readiness.isReady())
        ? { status: 200, headers, body: raw(readyBody(readiness.isStorageFull?.() ?? false)) }
        : plainProblem('unavailable', (ctx.state as RequestState).requestId),
  ],
];
