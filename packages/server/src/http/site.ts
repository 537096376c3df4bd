import type { Context } from 'koa';
import { raw } from 'ts-rest-koa';
import { plainProblem } from './problem-response.ts';
import type { RequestState } from './request-state.ts';
import { type ReadyResponse, sendResponse } from './send-response.ts';

/** Answers a GET of a page that is not an operation. */
export type Page = (ctx: Context) => Promise<ReadyResponse>;

interface PageFile {
  readonly content: string | Uint8Array;
  readonly contentType: string;
  readonly etag: string;
}

/** Answers with a file, or with 304 when the client has it. */
export function fileResponse(
  ctx: Context,
  { content, contentType, etag }: PageFile,
  more: Readonly<Record<string, string>> = {},
): ReadyResponse {
  const headers = { 'cache-control': 'no-cache', etag: etag, ...more };
  // The search includes the quotes, so a part of another tag cannot match.
  if (ctx.get('if-none-match').includes(etag.replace(/^W\//, ''))) return { status: 304, headers };
  return { status: 200, headers: { 'content-type': contentType, ...headers }, body: raw(content) };
}

/** Serves pages by their exact path. Returns false when there is no such page. */
export async function servePage(pages: ReadonlyMap<string, Page>, ctx: Context): Promise<boolean> {
  const page = pages.get(ctx.path);
  if (page === undefined) return false;
  (ctx.state as RequestState).surface = 'page';
  const { method } = ctx;
  const allow = { allow: 'GET, HEAD, OPTIONS' };
  if (method === 'GET' || method === 'HEAD') sendResponse(ctx, await page(ctx));
  else if (method === 'OPTIONS') sendResponse(ctx, { status: 204, headers: allow });
  else {
    const problem = plainProblem('method_not_allowed', (ctx.state as RequestState).requestId);
    sendResponse(ctx, { ...problem, headers: { ...problem.headers, ...allow } });
  }
  return true;
}
