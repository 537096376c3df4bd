import type {
  AppRoute,
  AppRouter,
  ContractNoBodyType,
  ContractOtherResponse,
  FlattenAppRouter,
  SchemaInputOrType,
  SchemaOutputOrType,
  ServerInferRequest,
} from '@ts-rest/core';
import type { RawBody } from './raw-body.ts';
import type { RequestContext } from './request-context.ts';

export type ResponseHeaders = Readonly<Record<string, string | number | readonly string[] | undefined>>;

/** A body that is written chunk by chunk as it arrives: a Node or web stream, a generator, any async iterable. */
export type StreamBody = AsyncIterable<string | Uint8Array> | IterableIterator<string | Uint8Array>;

/** The response type in hooks and `around`, where the specific type is no longer known. */
export interface AnyResponse {
  status: number;
  body?: unknown;
  headers?: ResponseHeaders | undefined;
}

type ResponseBody<TResponse> = TResponse extends ContractNoBodyType
  ? { body?: undefined }
  : TResponse extends ContractOtherResponse<infer TBody>
    ? { body: SchemaInputOrType<TBody> | RawBody | StreamBody }
    : { body: SchemaInputOrType<TResponse> | RawBody | StreamBody };

/** Exactly the responses that the route declares. */
export type RouteResponse<TRoute extends AppRoute> = {
  [TStatus in keyof TRoute['responses'] & number]: {
    status: TStatus;
    headers?: ResponseHeaders | undefined;
  } & ResponseBody<TRoute['responses'][TStatus]>;
}[keyof TRoute['responses'] & number];

// ts-rest maps over the members of a string schema's output here, so headers are inferred anew.
type RouteHeaders<TRoute extends AppRoute> = TRoute extends { headers: infer THeaders }
  ? THeaders extends Record<string, unknown>
    ? {
        headers: {
          [TName in keyof THeaders as Lowercase<TName & string>]: SchemaOutputOrType<THeaders[TName]>;
        };
      }
    : unknown
  : unknown;

/** The input of a handler: `params`, `query`, `headers` and `body` as far as the route has them, and `ctx`. */
export type HandlerInput<TRoute extends AppRoute, TState> = Omit<ServerInferRequest<TRoute>, 'headers'> &
  RouteHeaders<TRoute> & { ctx: RequestContext<TState, TRoute['metadata']> };

export type RouteHandler<TRoute extends AppRoute, TState = Record<string, unknown>> = (
  input: HandlerInput<TRoute, TState>,
) => RouteResponse<TRoute> | Promise<RouteResponse<TRoute>>;

/** One handler per operation, nested like the contract. */
export type RouterHandlers<TRouter extends AppRouter, TState = Record<string, unknown>> = {
  [TKey in keyof TRouter]: TRouter[TKey] extends AppRoute
    ? RouteHandler<TRouter[TKey], TState>
    : TRouter[TKey] extends AppRouter
      ? RouterHandlers<TRouter[TKey], TState>
      : never;
};

/** The union of the metadata of all operations of a contract. */
export type ContractMetadata<TRouter extends AppRouter> =
  FlattenAppRouter<TRouter> extends infer TRoute
    ? TRoute extends { metadata: infer TMetadata }
      ? TMetadata
      : undefined
    : never;
