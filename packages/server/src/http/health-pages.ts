import { raw } from 'ts-rest-koa';
import type { HttpReadiness } from './http-config.ts';
import { plainProblem } from './problem-response.ts';
import type { RequestState } from './request-state.ts';
import type { Page } from './site.ts';

const headers = { 'content-type': 'application/json; charset=utf-8', 'cache-control': 'no-store' };

/** `/livez`: the process runs. `/readyz`: send requests here. */
export const makeHealthPages = (
  readiness: HttpReadiness,
): readonly (readonly [path: string, page: Page])[] => [
  ['/livez', async () => ({ status: 200, headers, body: raw('{"status":"live"}') })],
  [
    '/readyz',
    async (ctx) =>
      (await readiness.isReady())
        ? { status: 200, headers, body: raw('{"status":"ready"}') }
        : plainProblem('unavailable', (ctx.state as RequestState).requestId),
  ],
];
