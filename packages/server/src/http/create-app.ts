import { randomUUID } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { apiPrefix } from '@twite/contract';
import type { ProcessDescription } from '@twite/core/admin/engine-status';
import type { AskEngine } from '@twite/core/admin/get-status';
import type { Deps } from '@twite/core/engine';
import type { SpanDescription } from '@twite/core/tracer';
import { withRequest } from '@twite/process/log-names';
import Koa from 'koa';
import { makeCors } from './cors.ts';
import { makeDocsPages } from './docs-page.ts';
import { makeHealthPages } from './health-pages.ts';
import type { HttpConfig, HttpLog, HttpMetrics, HttpReadiness } from './http-config.ts';
import { makeLandingPage } from './landing-page.ts';
import { makeServeMedia, mediaPrefix } from './media/serve-media.ts';
import { observeRequest } from './observe-requests.ts';
import { makeOpenapiPage } from './openapi-page.ts';
import { passwordResetPage } from './password-reset-page.ts';
import { plainProblem } from './problem-response.ts';
import { makeCountRequest } from './rate-limits.ts';
import { requestIdOf } from './request-id.ts';
import { makeAskedOf } from './request-priority.ts';
import { namesOf, type RequestState } from './request-state.ts';
import { makeSecurityHeaders } from './security-headers.ts';
import { sendResponse } from './send-response.ts';
import { serveOperations } from './serve-operations.ts';
import { createLoadShedder } from './shed-load.ts';
import { shedRequests } from './shed-requests.ts';
import { servePage } from './site.ts';
import { beginRequestSpan, runWithin } from './trace-requests.ts';
import type { UploadFolder } from './uploads/upload-folder.ts';

const operationsPrefix = `${apiPrefix}/`;

const mediaSpan = {
  name: `GET ${mediaPrefix}:key`,
  kind: 'server',
  attributes: { 'http.request.method': 'GET', 'http.route': `${mediaPrefix}:key` },
} as const satisfies SpanDescription;

/** The operations answer every path, if only with 404. */
const nothingElse = async () => {};

/** Codes of the system and of the parser: the client disconnected, and there is nothing to fix. */
const connectionBroke = /^(?:E[A-Z]+|HPE_\w+|ERR_STREAM_PREMATURE_CLOSE)$/;

export interface AppOptions {
  readonly deps: Deps;
  readonly config: HttpConfig;
  readonly log: HttpLog;
  /** The level of lines about requests that change something or are refused; `info` by default. */
  readonly requestLevel?: 'debug' | 'info';
  readonly metrics: HttpMetrics;
  readonly readiness: HttpReadiness;
  /** The folder for uploads in progress: required where the service `posts` is mounted. */
  readonly uploads?: UploadFolder | undefined;
  /**
   * Whether no more passwords of a client can be hashed now: its request is then rejected before its body is read. By
   * default, passwords are always hashed.
   */
  readonly isFullFor?: (client: string) => boolean;
  /** The state of the engine, for administrators. */
  readonly engineStatus: AskEngine;
  /** This process, as shown in the status of the instance. */
  readonly description: ProcessDescription;
  /**
   * The name of this process: its unfinished work under an Idempotency-Key may be taken over when it is gone. Defaults
   * to a unique name, for when no other process works on the same data.
   */
  readonly owner?: string;
  /** For tests: checks every answer against the contract, and answers 500 when it does not match. */
  readonly validateResponses?: boolean;
}

/**
 * Koa without the parts that Twite does itself: `sendResponse` or ts-rest-koa sends every answer, and observes it once.
 * Koa's own handling attaches `on-finished` to each response for that, an eighth of the cost of a home read.
 */
class OwnAnswersKoa extends Koa {
  handleRequest(ctx: Koa.Context, run: (ctx: Koa.Context) => Promise<void>): Promise<void> {
    ctx.res.statusCode = 404;
    return run(ctx).catch((error: Error) => ctx.onerror(error));
  }
}

/** The HTTP API, its reference and its health checks, as the request handler of a server. */
export function createApp({
  deps,
  config,
  log,
  requestLevel = 'info',
  metrics,
  readiness,
  uploads,
  isFullFor = () => false,
  engineStatus,
  description,
  owner = randomUUID(),
  validateResponses = false,
}: AppOptions): RequestListener {
  const { trustedProxies } = config;
  // Without maxIpsCount, Koa would trust the whole header, which clients can forge.
  const app = new OwnAnswersKoa({ proxy: trustedProxies > 0, maxIpsCount: trustedProxies });
  app.on('error', (err: NodeJS.ErrnoException, ctx?: Koa.Context) => {
    const named = namesOf(ctx?.state as RequestState | undefined);
    if (connectionBroke.test(err.code ?? '')) log.debug({ err, ...named }, 'connection broken');
    else log.error({ err, ...named }, 'unhandled request error');
  });

  const setSecurityHeaders = makeSecurityHeaders(config.hsts);
  const setCorsHeaders = makeCors(config.corsOrigins);
  const pages = new Map([
    ...makeHealthPages(readiness),
    ...makeDocsPages(),
    ['/', makeLandingPage(config)] as const,
    ['/password-reset', passwordResetPage] as const,
    ['/openapi.json', makeOpenapiPage()] as const,
  ]);
  const countRequest = makeCountRequest(deps, config.rateLimits, metrics);
  const shedder = createLoadShedder(config.shed);
  const serveOperation = serveOperations({
    shedder,
    context: { deps, config, countRequest, engineStatus, ownProcess: { ...description, processId: owner } },
    uploads,
    isFullFor,
    log,
    metrics,
    owner,
    validateResponses,
  });
  const serveMedia = config.services.includes('posts') ? makeServeMedia(deps.blobs) : undefined;

  const answer = async (ctx: Koa.Context, state: RequestState): Promise<void> => {
    const { req, res } = ctx;
    observeRequest({ log, metrics, requestLevel }, req, res, state);
    setSecurityHeaders(res);
    try {
      // Before the headers for other origins: media are the same for all.
      if (serveMedia !== undefined && req.url?.startsWith(mediaPrefix)) {
        state.surface = 'media';
        beginRequestSpan(mediaSpan, req, res, state);
        return await runWithin(state, () => serveMedia(ctx));
      }
      if (setCorsHeaders(req, res) === 'preflight') return sendResponse(ctx, { status: 204 });
      // Most requests are operations: their paths are not looked up among the pages.
      const isPage = !req.url?.startsWith(operationsPrefix) && (await servePage(pages, ctx));
      if (!isPage) await serveOperation(ctx, nothingElse);
    } catch (err) {
      log.error({ err, ...namesOf(state) }, 'unhandled request error');
      if (res.headersSent) res.destroy();
      else sendResponse(ctx, plainProblem('internal_error', state.requestId));
    }
  };
  // One middleware: each additional one would cost every request a few promises.
  app.use((ctx) => {
    const state = ctx.state as RequestState;
    state.requestId = requestIdOf(ctx.req.headers['x-request-id']);
    ctx.res.setHeader('x-request-id', state.requestId);
    return withRequest(state, () => answer(ctx, state));
  });
  return shedRequests(app.callback(), {
    shedder,
    askedOf: makeAskedOf(),
    setHeaders(req, res) {
      setSecurityHeaders(res);
      setCorsHeaders(req, res);
    },
    metrics,
    log,
  });
}
