import type { AppRouter } from '@ts-rest/core';
import type Koa from 'koa';
import { writeEmpty, writeJson, writeResponse } from './answer.ts';
import { isClientGone } from './client-gone.ts';
import type { AnyResponse, ContractMetadata, RouterHandlers } from './contract-types.ts';
import { weakEtag } from './etag.ts';
import { readInput } from './input.ts';
import { type CompiledOperation, compileOperations } from './operation.ts';
import type { KoaMiddlewareOptions } from './options.ts';
import type { TsRestKoaProblem } from './problem.ts';
import { LiveRequestContext, type RequestContext } from './request-context.ts';
import { findResponseIssues } from './response-check.ts';
import { createRouteTable, type RouteMatch } from './route-table.ts';
import { discardStream, isStreamBody } from './stream-body.ts';

const DEFAULT_JSON_LIMIT_BYTES = 65_536;
const DEFAULT_BODY_MS = 10_000;

/**
 * Serves a contract. Everything that does not depend on a request is checked here, so this throws when an operation has
 * no handler, a handler has no operation, two routes collide or a body's media type has no reader.
 *
 * The middleware writes responses itself: set headers before it runs. After it, `koa.status` and the response's headers
 * can be read.
 */
export function createKoaMiddleware<TContract extends AppRouter, TState = Record<string, unknown>>(
  contract: TContract,
  handlers: RouterHandlers<TContract, TState>,
  options: KoaMiddlewareOptions<TState, ContractMetadata<TContract>>,
): Koa.Middleware {
  return serve(compileOperations(contract, handlers, options), options);
}

function serve<TState, TMetadata>(
  operations: readonly CompiledOperation<TState, TMetadata>[],
  options: KoaMiddlewareOptions<TState, TMetadata>,
): Koa.Middleware {
  const { onProblem, mapError, log } = options;
  const routes = createRouteTable(operations, options.pathPrefix ?? '');
  const limits = {
    bytes: options.jsonLimitBytes ?? DEFAULT_JSON_LIMIT_BYTES,
    ms: options.bodyTimeoutMs ?? DEFAULT_BODY_MS,
  };
  const serialise = options.serialise ?? JSON.stringify;
  const etagOf = options.etag === true ? weakEtag : options.etag === false ? undefined : options.etag;
  const commonStatuses = new Set(options.commonStatuses);

  const answerProblem = (koa: Koa.Context, problem: TsRestKoaProblem): void => {
    try {
      if (problem.allow !== undefined) koa.res.setHeader('allow', problem.allow.join(', '));
      if (problem.kind === 'body_timeout') koa.res.setHeader('connection', 'close');
      writeJson(koa, onProblem(problem, koa), serialise);
    } catch (error) {
      log({ kind: 'internal', operationId: problem.operationId, error } as const);
      if (!koa.res.headersSent) writeEmpty(koa, 500, undefined);
    }
  };

  const answer = (
    ctx: RequestContext<TState, TMetadata>,
    operation: CompiledOperation<TState, TMetadata>,
    response: AnyResponse,
    error?: unknown,
  ): void | Promise<void> => {
    const { operationId } = operation;
    const { status } = response;
    if (isClientGone(ctx.koa.res)) {
      ctx.koa.respond = false;
      if (isStreamBody(response.body)) discardStream(response.body);
      return;
    }
    if (!operation.responses.has(status) && !commonStatuses.has(status)) {
      log({ kind: 'undeclared_status', operationId, status, error });
      return answerProblem(ctx.koa, { kind: 'undeclared_status', operationId, cause: error });
    }
    if (options.validateResponses === true) {
      const issues = findResponseIssues(operation.responses.get(status), response);
      if (issues.length > 0) {
        log({ kind: 'invalid_response', operationId, status, issues });
        return answerProblem(ctx.koa, { kind: 'internal', operationId });
      }
    }
    return writeResponse(ctx, response, operation, serialise, etagOf);
  };

  const fail = async (
    ctx: RequestContext<TState, TMetadata>,
    operation: CompiledOperation<TState, TMetadata>,
    error: unknown,
  ): Promise<void> => {
    const { koa } = ctx;
    const { operationId } = operation;
    if (isClientGone(koa.res)) {
      koa.respond = false;
      return;
    }
    if (koa.res.headersSent) {
      log({ kind: 'stream_failed', operationId, error });
      koa.res.destroy();
      return;
    }
    let cause = error;
    try {
      const mapped = mapError?.(error, ctx);
      if (mapped !== undefined) {
        await answer(ctx, operation, mapped, error);
        return;
      }
    } catch (second) {
      cause = second;
    }
    log({ kind: 'internal', operationId, error: cause });
    answerProblem(koa, { kind: 'internal', operationId, cause });
  };

  const run = async (
    koa: Koa.Context,
    match: RouteMatch<CompiledOperation<TState, TMetadata>>,
  ): Promise<void> => {
    const { operation } = match;
    const ctx = new LiveRequestContext<TState, TMetadata>(koa, operation, match.params);
    try {
      for (const hook of operation.beforeBody) {
        const pending = hook(ctx);
        if (pending !== undefined) await pending;
      }
      const result = await readInput(match, ctx, limits);
      if ('problem' in result) answerProblem(koa, result.problem);
      else {
        const { input } = result;
        const response = await (operation.around === undefined
          ? operation.handler(input)
          : operation.around(ctx, input, async () => operation.handler(input)));
        await answer(ctx, operation, response);
      }
    } catch (error) {
      await fail(ctx, operation, error);
    }
    try {
      const ending = ctx.end();
      if (ending !== undefined) await ending;
    } catch (error) {
      log({ kind: 'internal', operationId: operation.operationId, error });
    }
  };

  const answerUnmatched = (koa: Koa.Context, url: string, next: Koa.Next): void | Promise<void> => {
    const allow = routes.allowed(url);
    if (allow === 'malformed') answerProblem(koa, { kind: 'malformed_path' });
    else if (allow === undefined) {
      if (options.unmatched === 'next') return next();
      answerProblem(koa, { kind: 'not_found' });
    } else if (koa.req.method === 'OPTIONS') writeEmpty(koa, 204, { allow: allow.join(', ') });
    else answerProblem(koa, { kind: 'method_not_allowed', allow });
  };

  return async (koa, next) => {
    const { method = 'GET', url = '/' } = koa.req;
    const match = routes.match(method, url);
    if (match === undefined) await answerUnmatched(koa, url, next);
    else if (match === 'malformed') answerProblem(koa, { kind: 'malformed_path' });
    else await run(koa, match);
  };
}
