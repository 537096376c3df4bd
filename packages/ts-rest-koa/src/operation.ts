import {
  type AppRoute,
  type AppRouter,
  isAppRoute,
  isAppRouteNoBody,
  isAppRouteOtherResponse,
} from '@ts-rest/core';
import type { AnyResponse } from './contract-types.ts';
import { isJsonMediaType } from './media-type.ts';
import type {
  AfterBodyHook,
  AnyInput,
  Around,
  BeforeBodyHook,
  BodyReader,
  KoaMiddlewareOptions,
} from './options.ts';
import type { Operation, RequestContext } from './request-context.ts';
import { compileValidator, type Validate } from './validate.ts';

const JSON_TYPE = 'application/json';
const FORM_TYPE = 'application/x-www-form-urlencoded';

export type AnyHandler<TState, TMetadata> = (
  input: AnyInput & { ctx: RequestContext<TState, TMetadata> },
) => AnyResponse | Promise<AnyResponse>;

export interface DeclaredResponse {
  /** Undefined for `c.noBody()`. */
  contentType: string | undefined;
  json: boolean;
  validate: Validate | undefined;
}

export interface DeclaredBody<TState, TMetadata> {
  mediaType: string;
  validate: Validate | undefined;
  format: 'json' | 'form' | 'own';
  /** Set if the format is `own`. */
  read: BodyReader<TState, TMetadata> | undefined;
}

/** A route with everything that is known before a request arrives. */
export interface CompiledOperation<TState, TMetadata> extends Operation<TMetadata> {
  handler: AnyHandler<TState, TMetadata>;
  beforeBody: readonly BeforeBodyHook<TState, TMetadata>[];
  afterBody: readonly AfterBodyHook<TState, TMetadata>[];
  around: Around<TState, TMetadata> | undefined;
  params: Validate | undefined;
  query: Validate | undefined;
  /** Undefined if no query parameter has several values. */
  isQueryList: ((key: string) => boolean) | undefined;
  /** One entry per header, by lower-case name; or one schema for all of them (ts-rest before 3.53). */
  headers: readonly (readonly [name: string, validate: Validate | undefined])[] | undefined;
  allHeaders: Validate | undefined;
  body: DeclaredBody<TState, TMetadata> | undefined;
  responses: ReadonlyMap<number, DeclaredResponse>;
}

/** Walks the contract and its handlers. Throws if an operation has no handler or a handler has no operation. */
export function compileOperations<TState, TMetadata>(
  contract: AppRouter,
  handlers: unknown,
  options: KoaMiddlewareOptions<TState, TMetadata>,
  prefix = '',
): CompiledOperation<TState, TMetadata>[] {
  const given = (handlers ?? {}) as Record<string, unknown>;
  for (const key of Object.keys(given)) {
    if (!Object.hasOwn(contract, key)) throw new Error(`The contract has no operation "${prefix}${key}"`);
  }
  return Object.entries(contract).flatMap(([key, entry]) => {
    const operationId = `${prefix}${key}`;
    if (!isAppRoute(entry)) return compileOperations(entry, given[key], options, `${operationId}.`);
    const handler = given[key];
    if (typeof handler !== 'function') throw new Error(`Operation "${operationId}" has no handler`);
    return [compileOperation(operationId, entry, handler as AnyHandler<TState, TMetadata>, options)];
  });
}

function compileOperation<TState, TMetadata>(
  operationId: string,
  route: AppRoute,
  handler: AnyHandler<TState, TMetadata>,
  options: KoaMiddlewareOptions<TState, TMetadata>,
): CompiledOperation<TState, TMetadata> {
  const operation = { operationId, route, metadata: route.metadata as TMetadata };
  const own = options.forOperation?.(operation) ?? {};
  const allHeaders = compileValidator(route.headers);
  return {
    ...operation,
    handler,
    beforeBody: [...(options.beforeBody ?? []), ...(own.beforeBody ?? [])],
    afterBody: own.afterBody ?? [],
    around: nest(options.around, own.around),
    params: compileValidator(route.pathParams),
    query: compileValidator(route.query),
    isQueryList: own.queryLists?.length ? (key) => own.queryLists?.includes(key) === true : undefined,
    allHeaders,
    headers: allHeaders === undefined ? compileHeaders(route.headers) : undefined,
    body: compileBody(operationId, route, options),
    responses: new Map(
      Object.entries(route.responses).map(([status, response]) => [
        Number(status),
        compileResponse(response),
      ]),
    ),
  };
}

function nest<TState, TMetadata>(
  outer: Around<TState, TMetadata> | undefined,
  inner: Around<TState, TMetadata> | undefined,
): Around<TState, TMetadata> | undefined {
  if (outer === undefined || inner === undefined) return outer ?? inner;
  return (ctx, input, next) => outer(ctx, input, () => inner(ctx, input, next));
}

function compileHeaders(headers: unknown): CompiledOperation<unknown, unknown>['headers'] {
  if (typeof headers !== 'object' || headers === null) return undefined;
  return Object.entries(headers)
    .filter(([, schema]) => schema !== null)
    .map(([name, schema]) => [name.toLowerCase(), compileValidator(schema)] as const);
}

function compileBody<TState, TMetadata>(
  operationId: string,
  route: AppRoute,
  options: KoaMiddlewareOptions<TState, TMetadata>,
): DeclaredBody<TState, TMetadata> | undefined {
  if (route.method === 'GET' || !('body' in route)) return undefined;
  const { body } = route;
  if (body === undefined || body === null || (typeof body === 'symbol' && isAppRouteNoBody(body))) {
    return undefined;
  }
  const mediaType = route.contentType ?? JSON_TYPE;
  const read = options.bodyReaders?.[mediaType];
  const validate = compileValidator(body);
  if (read !== undefined) return { mediaType, validate, format: 'own', read };
  if (mediaType === JSON_TYPE) return { mediaType, validate, format: 'json', read };
  if (mediaType === FORM_TYPE) return { mediaType, validate, format: 'form', read };
  throw new Error(
    `Operation "${operationId}" takes ${mediaType}, for which there is no entry in bodyReaders`,
  );
}

function compileResponse(response: AppRoute['responses'][number]): DeclaredResponse {
  if (typeof response === 'symbol' && isAppRouteNoBody(response)) {
    return { contentType: undefined, json: false, validate: undefined };
  }
  if (typeof response === 'object' && response !== null && isAppRouteOtherResponse(response)) {
    const { contentType, body } = response;
    return { contentType, json: isJsonMediaType(contentType), validate: compileValidator(body) };
  }
  return { contentType: `${JSON_TYPE}; charset=utf-8`, json: true, validate: compileValidator(response) };
}
