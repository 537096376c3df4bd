import { randomUUID } from 'node:crypto';
import { apiPrefix } from '@twite/contract';
import type { AskEngine } from '@twite/core/admin/get-status';
import type { Deps } from '@twite/core/engine';
import Koa from 'koa';
import { makeCors } from './cors.ts';
import { makeDocsPages } from './docs-page.ts';
import { makeHealthPages } from './health-pages.ts';
import type { HttpConfig, HttpLog, HttpMetrics, HttpReadiness } from './http-config.ts';
import { makeServeMedia, mediaPrefix } from './media/serve-media.ts';
import { observeRequest } from './observe-requests.ts';
import { makeOpenapiPage } from './openapi-page.ts';
import { passwordResetPage } from './password-reset-page.ts';
import { plainProblem } from './problem-response.ts';
import { makeCountRequest } from './rate-limits.ts';
import { requestIdOf } from './request-id.ts';
import { namesOf, type RequestState } from './request-state.ts';
import { makeSecurityHeaders } from './security-headers.ts';
import { sendResponse } from './send-response.ts';
import { serveOperations } from './serve-operations.ts';
import { serverVersion } from './server-version.ts';
import { servePage } from './site.ts';
import type { UploadFolder } from './uploads/upload-folder.ts';

const operationsPrefix = `${apiPrefix}/`;

/** The operations answer every path, if only with 404. */
const nothingElse = async () => {};

/** Codes of the system and of the parser: the client left, and there is nothing to mend. */
const connectionBroke = /^(?:E[A-Z]+|HPE_\w+|ERR_STREAM_PREMATURE_CLOSE)$/;

export interface AppOptions {
  readonly deps: Deps;
  readonly config: HttpConfig;
  readonly log: HttpLog;
  readonly metrics: HttpMetrics;
  readonly readiness: HttpReadiness;
  /** Where uploads lie while they are worked on: needed where the service `posts` is mounted. */
  readonly uploads?: UploadFolder | undefined;
  /** How the engine stands, for administrators. */
  readonly engineStatus: AskEngine;
  /**
   * Names this process: what it was working on under an Idempotency-Key may be taken over when it is gone. By default a
   * name of its own, where no other process works on the same data.
   */
  readonly owner?: string;
  /** For tests: checks every answer against the contract, and answers 500 when it does not fit. */
  readonly validateResponses?: boolean;
}

/**
 * Koa, without what we do ourselves: every answer is sent by `sendResponse` or by ts-rest-koa, and observed once. Koa's
 * own handling attaches `on-finished` to each response for that, an eighth of what a home read costs.
 */
class OwnAnswersKoa extends Koa {
  handleRequest(ctx: Koa.Context, run: (ctx: Koa.Context) => Promise<void>): Promise<void> {
    ctx.res.statusCode = 404;
    return run(ctx).catch((error: Error) => ctx.onerror(error));
  }
}

/** The HTTP API, its reference and its health, as a Koa application that listens nowhere yet. */
export function createApp({
  deps,
  config,
  log,
  metrics,
  readiness,
  uploads,
  engineStatus,
  owner = randomUUID(),
  validateResponses = false,
}: AppOptions): Koa {
  const { trustedProxies } = config;
  // Without maxIpsCount, Koa would believe the whole header, which clients can forge.
  const app = new OwnAnswersKoa({ proxy: trustedProxies > 0, maxIpsCount: trustedProxies });
  app.on('error', (err: NodeJS.ErrnoException, ctx?: Koa.Context) => {
    const named = namesOf(ctx?.state as RequestState | undefined);
    if (connectionBroke.test(err.code ?? '')) log.debug({ err, ...named }, 'the connection broke');
    else log.error({ err, ...named }, 'a bug');
  });

  const setSecurityHeaders = makeSecurityHeaders(config.hsts);
  const setCorsHeaders = makeCors(config.corsOrigins);
  const pages = new Map([
    ...makeHealthPages(readiness),
    ...makeDocsPages(),
    ['/password-reset', passwordResetPage] as const,
    ['/openapi.json', makeOpenapiPage()] as const,
  ]);
  const countRequest = makeCountRequest(deps, config.rateLimits, metrics);
  const serveOperation = serveOperations({
    context: { deps, config, version: serverVersion(), countRequest, engineStatus },
    uploads,
    log,
    metrics,
    owner,
    validateResponses,
  });
  const serveMedia = config.services.includes('posts') ? makeServeMedia(deps.blobs) : undefined;

  // One middleware: each more would cost every request a few promises.
  app.use(async (ctx) => {
    const { req, res } = ctx;
    const state = ctx.state as RequestState;
    state.requestId = requestIdOf(req.headers['x-request-id']);
    res.setHeader('x-request-id', state.requestId);
    observeRequest({ log, metrics }, req, res, state);
    setSecurityHeaders(res);
    try {
      // Before the headers for other origins: media are the same for all.
      if (serveMedia !== undefined && req.url?.startsWith(mediaPrefix)) {
        state.surface = 'media';
        return await serveMedia(ctx);
      }
      if (setCorsHeaders(req, res) === 'preflight') return sendResponse(ctx, { status: 204 });
      // Operations are what is asked for most: their paths are not looked up among the pages.
      const isPage = !req.url?.startsWith(operationsPrefix) && (await servePage(pages, ctx));
      if (!isPage) await serveOperation(ctx, nothingElse);
    } catch (err) {
      log.error({ err, ...namesOf(state) }, 'a bug: answered with 500');
      if (res.headersSent) res.destroy();
      else sendResponse(ctx, plainProblem('internal_error', state.requestId));
    }
  });
  return app;
}
