import { pipeline } from 'node:stream/promises';
import { ContractError } from '@twite/contract';
import type { BlobInfo, BlobStore, ByteRange } from '@twite/core/media/blob-store';
import { servedMimeType } from '@twite/core/media/media-keys';
import fresh from 'fresh';
import type { Context } from 'koa';
import { plainProblem, problemResponse } from '../problem-response.ts';
import type { RequestState } from '../request-state.ts';
import { type ReadyResponse, sendResponse } from '../send-response.ts';
import { rangeOf, type Validators } from './range-of.ts';

export const mediaPrefix = '/media/';

/** Objects never change, but may be deleted: browsers keep them for good, shared caches revalidate. */
const cacheControl = 'public, max-age=31536000, immutable, s-maxage=300';
/** A withheld object may come back. */
const missingCacheControl = 'public, max-age=30, s-maxage=2';
/** A client that reads nothing for this long is disconnected. */
const idleMs = 60_000;

/** Error codes of a connection that the client closed during the answer. */
const clientLeft: ReadonlySet<string | undefined> = new Set([
  'ECONNRESET',
  'EPIPE',
  'ERR_STREAM_PREMATURE_CLOSE',
]);

const allow = 'GET, HEAD, OPTIONS';

/** For every answer below the prefix: any page may show and read them, and none is a page itself. */
const commonHeaders = Object.entries({
  'access-control-allow-origin': '*',
  'access-control-expose-headers':
    'Accept-Ranges, Content-Disposition, Content-Length, Content-Range, ETag, Last-Modified, Retry-After, X-Request-Id',
  'content-security-policy': "sandbox; default-src 'none'",
  'cross-origin-resource-policy': 'cross-origin',
});

const preflightHeaders = {
  allow,
  'access-control-allow-methods': allow,
  'access-control-allow-headers': 'Range, If-Range, If-None-Match, If-Modified-Since, X-Request-Id',
  'access-control-max-age': 86_400,
};

interface Found {
  readonly key: string;
  readonly mimeType: string;
  readonly fileName: string;
}

/** The object that a path names, whatever the query; undefined for an invalid path. */
function findKey(url: string): Found | undefined {
  const end = url.indexOf('?');
  const key = url.slice(1, end === -1 ? undefined : end);
  const mimeType = servedMimeType(key);
  return mimeType && { key, mimeType, fileName: key.slice(key.indexOf('/') + 1) };
}

function validatorsOf({ fileName }: Found, { modifiedAt }: BlobInfo): Validators {
  return {
    // Keys are never reused for other content.
    etag: `"${fileName.slice(0, fileName.indexOf('.'))}"`,
    lastModified: new Date(modifiedAt).toUTCString(),
  };
}

/** The headers of an existing object. */
function headersOf(found: Found, info: BlobInfo) {
  const { etag, lastModified } = validatorsOf(found, info);
  return {
    'content-type': found.mimeType,
    'content-disposition': `inline; filename="${found.fileName}"`,
    'cache-control': cacheControl,
    'accept-ranges': 'bytes',
    etag,
    'last-modified': lastModified,
  };
}

function isFresh({ headers }: Context['req'], { etag, lastModified }: Validators): boolean {
  const { 'if-none-match': ifNoneMatch, 'if-modified-since': ifModifiedSince } = headers;
  // Only If-None-Match counts when both are present (RFC 9110, 13.2.2). `fetch` adds Cache-Control: no-cache to both,
  // which is for caches.
  const asked =
    ifNoneMatch === undefined ? { 'if-modified-since': ifModifiedSince } : { 'if-none-match': ifNoneMatch };
  return fresh(asked, { etag, 'last-modified': lastModified });
}

const needsInfoFirst = ({ method, headers }: Context['req']): boolean =>
  method === 'HEAD' ||
  headers.range !== undefined ||
  headers['if-none-match'] !== undefined ||
  headers['if-modified-since'] !== undefined;

/** Serves the objects of a blob store below `/media/`. */
export function makeServeMedia(blobs: Pick<BlobStore, 'get' | 'stat'>): (ctx: Context) => Promise<void> {
  const answerMissing = (ctx: Context): void => {
    const { requestId } = ctx.state as RequestState;
    const problem = plainProblem('not_found', requestId);
    sendResponse(ctx, { ...problem, headers: { ...problem.headers, 'cache-control': missingCacheControl } });
  };

  const answerInfo = (ctx: Context, found: Found, info: BlobInfo): ByteRange | 'answered' | undefined => {
    const validators = validatorsOf(found, info);
    const headers = {
      etag: validators.etag,
      'last-modified': validators.lastModified,
      'cache-control': cacheControl,
    };
    const respond = (response: ReadyResponse) => {
      sendResponse(ctx, response);
      return 'answered' as const;
    };
    if (isFresh(ctx.req, validators)) return respond({ status: 304, headers });
    if (ctx.method === 'HEAD') {
      return respond({ status: 200, headers: { ...headersOf(found, info), 'content-length': info.bytes } });
    }
    const range = rangeOf(ctx.req.headers, info.bytes, validators);
    if (range !== 'unsatisfiable') return range;
    const unsatisfiable = {
      'content-range': `bytes */${info.bytes}`,
      'content-length': 0,
      'cache-control': 'no-store',
    };
    return respond({ status: 416, headers: unsatisfiable });
  };

  const answer = async (ctx: Context, found: Found): Promise<void> => {
    let range: ByteRange | undefined;
    if (needsInfoFirst(ctx.req)) {
      const info = await blobs.stat(found.key);
      if (info === undefined || info.isWithheld) return answerMissing(ctx);
      const next = answerInfo(ctx, found, info);
      if (next === 'answered') return;
      range = next;
    }
    const blob = await blobs.get(found.key, range);
    if (blob === undefined) return answerMissing(ctx);
    const { res } = ctx;
    ctx.respond = false;
    res.statusCode = range === undefined ? 200 : 206;
    for (const [name, value] of Object.entries(headersOf(found, blob))) res.setHeader(name, value);
    if (range !== undefined)
      res.setHeader('content-range', `bytes ${range.start}-${range.end}/${blob.bytes}`);
    res.setHeader('content-length', range === undefined ? blob.bytes : range.end - range.start + 1);
    res.setTimeout(idleMs, () => res.destroy());
    await pipeline(blob.content, res);
  };

  return async (ctx) => {
    const { req, res } = ctx;
    const { requestId } = ctx.state as RequestState;
    for (const [name, value] of commonHeaders) res.setHeader(name, value);
    if (req.method === 'OPTIONS') return sendResponse(ctx, { status: 204, headers: preflightHeaders });
    if (req.method !== 'GET' && req.method !== 'HEAD') {
      const problem = plainProblem('method_not_allowed', requestId);
      return sendResponse(ctx, { ...problem, headers: { ...problem.headers, allow } });
    }
    const found = findKey(req.url ?? '');
    if (found === undefined) return answerMissing(ctx);
    try {
      await answer(ctx, found);
    } catch (error) {
      if (res.destroyed && clientLeft.has((error as NodeJS.ErrnoException).code)) return;
      if (!(error instanceof ContractError) || res.headersSent) throw error;
      sendResponse(ctx, problemResponse(error, requestId));
    }
  };
}
