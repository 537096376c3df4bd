import type Koa from 'koa';
import type { AnyResponse, ResponseHeaders, StreamBody } from './contract-types.ts';
import { matchesEtag } from './etag.ts';
import type { CompiledOperation, DeclaredResponse } from './operation.ts';
import type { KoaMiddlewareOptions } from './options.ts';
import { RawBody } from './raw-body.ts';
import { endAnswer } from './request-body.ts';
import type { RequestContext } from './request-context.ts';
import { discardStream, isStreamBody, writeStream } from './stream-body.ts';

const JSON_RESPONSE: DeclaredResponse = {
  contentType: 'application/json; charset=utf-8',
  json: true,
  validate: undefined,
};

type EtagOf<TState, TMetadata> = Exclude<KoaMiddlewareOptions<TState, TMetadata>['etag'], boolean>;

/** Answers a request for an operation. If it throws, nothing has been sent yet, unless `headersSent` is true. */
export function writeResponse<TState, TMetadata>(
  ctx: RequestContext<TState, TMetadata>,
  response: AnyResponse,
  operation: CompiledOperation<TState, TMetadata>,
  serialise: (body: unknown) => string | Buffer,
  etagOf: EtagOf<TState, TMetadata>,
): void | Promise<void> {
  const { koa } = ctx;
  const declared = operation.responses.get(response.status) ?? JSON_RESPONSE;
  if (declared.contentType === undefined || isBodiless(response.status)) {
    return writeEmpty(koa, response.status, response.headers);
  }
  if (isStreamBody(response.body)) return writeStreamed(koa, response, response.body, declared.contentType);
  const payload = payloadOf(response.body, declared.json, serialise);
  let etag: string | undefined;
  if (response.status === 200 && (koa.req.method === 'GET' || koa.req.method === 'HEAD')) {
    etag = ownEtag(response.headers) ?? etagOf?.(payload, ctx);
    const ifNoneMatch = koa.req.headers['if-none-match'];
    if (etag !== undefined && ifNoneMatch !== undefined && matchesEtag(ifNoneMatch, etag)) {
      return writeNotModified(koa, response.headers, etag);
    }
  }
  writePayload(koa, response, payload, declared.contentType, etag);
}

/** Answers with JSON, whatever was requested. */
export function writeJson(
  koa: Koa.Context,
  response: AnyResponse,
  serialise: (body: unknown) => string | Buffer,
): void {
  if (response.body === undefined || isBodiless(response.status)) {
    writeEmpty(koa, response.status, response.headers);
    return;
  }
  writePayload(koa, response, payloadOf(response.body, true, serialise), JSON_RESPONSE.contentType);
}

export function writeEmpty(koa: Koa.Context, status: number, headers: ResponseHeaders | undefined): void {
  begin(koa, status, headers);
  const { res } = koa;
  res.removeHeader('content-type');
  // 204 and 304 must not have a length; for the others it says that there is no body.
  if (!isBodiless(status)) res.setHeader('content-length', 0);
  endAnswer(koa.req, res);
}

function writeNotModified(koa: Koa.Context, headers: ResponseHeaders | undefined, etag: string): void {
  begin(koa, 304, headers);
  const { res } = koa;
  res.setHeader('etag', etag);
  res.removeHeader('content-type');
  res.removeHeader('content-length');
  res.end();
}

function writePayload(
  koa: Koa.Context,
  response: AnyResponse,
  payload: string | Uint8Array,
  contentType: string | undefined,
  etag?: string,
): void {
  begin(koa, response.status, response.headers);
  const { res } = koa;
  if (contentType !== undefined && res.getHeader('content-type') === undefined) {
    res.setHeader('content-type', contentType);
  }
  if (etag !== undefined) res.setHeader('etag', etag);
  res.setHeader('content-length', Buffer.byteLength(payload));
  endAnswer(koa.req, res, koa.req.method === 'HEAD' ? undefined : payload);
}

function writeStreamed(
  koa: Koa.Context,
  response: AnyResponse,
  body: StreamBody,
  contentType: string,
): void | Promise<void> {
  const { res } = koa;
  const start = () => {
    begin(koa, response.status, response.headers);
    if (res.getHeader('content-type') === undefined) res.setHeader('content-type', contentType);
  };
  if (koa.req.method !== 'HEAD') return writeStream(res, body, start);
  discardStream(body);
  start();
  res.end();
}

function begin(koa: Koa.Context, status: number, headers: ResponseHeaders | undefined): void {
  const { res } = koa;
  koa.respond = false;
  res.statusCode = status;
  for (const name in headers) {
    const value = headers[name];
    if (value !== undefined) res.setHeader(name, value);
  }
}

function payloadOf(
  body: unknown,
  json: boolean,
  serialise: (body: unknown) => string | Buffer,
): string | Uint8Array {
  if (body instanceof RawBody) return body.content;
  if (body instanceof Uint8Array) return body;
  if (!json && typeof body === 'string') return body;
  const payload: unknown = serialise(body);
  if (typeof payload !== 'string' && !(payload instanceof Uint8Array)) {
    throw new TypeError(`A body of type ${typeof body} cannot be sent`);
  }
  return payload;
}

function ownEtag(headers: ResponseHeaders | undefined): string | undefined {
  for (const name in headers) {
    if (name.toLowerCase() === 'etag') return String(headers[name]);
  }
  return undefined;
}

function isBodiless(status: number): boolean {
  return status === 204 || status === 304;
}
