import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Context } from 'koa';
import { endAnswer, type RawBody, type ResponseHeaders } from 'ts-rest-koa';

/** An answer whose body is already serialised. */
export interface ReadyResponse {
  readonly status: number;
  readonly headers?: ResponseHeaders;
  readonly body?: RawBody;
}

/** Sends an answer that is not an operation's. */
export function sendResponse(ctx: Context, response: ReadyResponse): void {
  ctx.respond = false;
  writeResponse(ctx.req, ctx.res, response);
}

/** Does the same where there is no Koa context yet. */
export function writeResponse(
  req: IncomingMessage,
  res: ServerResponse,
  { status, headers = {}, body }: ReadyResponse,
): void {
  res.statusCode = status;
  for (const [name, value] of Object.entries(headers)) if (value !== undefined) res.setHeader(name, value);
  if (body !== undefined) res.setHeader('content-length', Buffer.byteLength(body.content));
  endAnswer(req, res, req.method === 'HEAD' ? undefined : body?.content);
}
