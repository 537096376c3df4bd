import type { IncomingMessage } from 'node:http';
import type Koa from 'koa';
import type { AnyResponse } from './contract-types.ts';
import type { Issue, TsRestKoaProblem } from './problem.ts';
import type { Operation, RequestContext } from './request-context.ts';

/** Runs before a byte of the body is read. Throws to refuse; `mapError` then decides the answer. */
export type BeforeBodyHook<TState, TMetadata> = (
  ctx: RequestContext<TState, TMetadata>,
) => void | Promise<void>;

/**
 * Runs once the body has been read, before it is validated, and only if the request waited for it: the body of most requests
 * has arrived by the time that the `beforeBody` hooks are done. Checks again what may have changed since them. Throws to
 * refuse, as those do.
 */
export type AfterBodyHook<TState, TMetadata> = BeforeBodyHook<TState, TMetadata>;

/** The validated input as `around` sees it. */
export interface AnyInput {
  params: Readonly<Record<string, unknown>>;
  query: unknown;
  headers: unknown;
  body: unknown;
}

/** Wraps a handler, after validation: may answer in its place, or see and change its response. */
export type Around<TState, TMetadata> = (
  ctx: RequestContext<TState, TMetadata>,
  input: AnyInput,
  next: () => Promise<AnyResponse>,
) => Promise<AnyResponse>;

/** What the adapter says about bugs. `error` is what was thrown, if anything was. */
export type LogEvent =
  | { kind: 'undeclared_status'; operationId: string; status: number; error?: unknown }
  | { kind: 'invalid_response'; operationId: string; status: number; issues: Issue[] }
  | { kind: 'internal'; operationId?: string; error: unknown }
  /** The response had begun, so that its connection was cut. */
  | { kind: 'stream_failed'; operationId: string; error: unknown };

/** What a reader made of a body: a value for the body's schema, or what is wrong with it. */
export type BodyContent = { readonly value: unknown } | { readonly issues: readonly Issue[] };

/**
 * Reads the body of one media type. The limits on size and time of the other bodies do not hold for it: it sets its own.
 * It may throw what `mapError` knows, at any point of the body: the rest is discarded. What it keeps outside of memory, such
 * as a file, is released by `ctx.defer`.
 */
export type BodyReader<TState, TMetadata> = (
  req: IncomingMessage,
  ctx: RequestContext<TState, TMetadata>,
) => Promise<BodyContent>;

export interface KoaMiddlewareOptions<TState = Record<string, unknown>, TMetadata = unknown> {
  /** Put before every path of the contract, such as `/v1`. */
  pathPrefix?: string;
  /** Longest request body, in bytes. Default 65,536. */
  jsonLimitBytes?: number;
  /**
   * How long a client may take to send 65,536 bytes of a body that the adapter reads itself, by default 10 seconds. A
   * shorter body gets the same time. A longer one gets more time as it comes: half as many bytes again, half as much time
   * again.
   */
  bodyTimeoutMs?: number;
  /** Run in this order for every operation. */
  beforeBody?: readonly BeforeBodyHook<TState, TMetadata>[];
  around?: Around<TState, TMetadata>;
  /**
   * Called once for each operation when the middleware is made: hooks that only this operation needs, by its metadata.
   * Its `beforeBody` run after the ones above, its `around` inside the one above.
   */
  forOperation?: (operation: Operation<TMetadata>) => {
    beforeBody?: readonly BeforeBodyHook<TState, TMetadata>[];
    afterBody?: readonly AfterBodyHook<TState, TMetadata>[];
    around?: Around<TState, TMetadata> | undefined;
    /**
     * Query parameters that hold several values, which their schema reads from `a,b`. Clients may then also write
     * `ids=a&ids=b`, `ids[]=a&ids[]=b` or, as the client of ts-rest does, `ids[0]=a&ids[1]=b`.
     */
    queryLists?: readonly string[];
  };
  /** Readers by `contentType`, such as `multipart/form-data`; their value goes to the body's schema. */
  bodyReaders?: Readonly<Record<string, BodyReader<TState, TMetadata>>>;
  /** Shapes every error that the adapter itself makes. The body is serialised unless it is `raw`. */
  onProblem: (problem: TsRestKoaProblem, koa: Koa.Context) => AnyResponse;
  /** Turns what hooks and handlers throw into a response; undefined means a bug, which is logged and answered with 500. */
  mapError?: (error: unknown, ctx: RequestContext<TState, TMetadata>) => AnyResponse | undefined;
  /** Statuses that every operation may answer with, besides those that it declares. */
  commonStatuses?: readonly number[];
  /** Default `JSON.stringify`. */
  serialise?: (body: unknown) => string | Buffer;
  /**
   * ETag for GET and HEAD answered 200, and with it 304 for a matching If-None-Match. `true` hashes every such body
   * (`weakEtag`); a function may leave some out. An ETag header that a handler sets is always used as it is.
   */
  etag?:
    | boolean
    | ((body: string | Uint8Array, ctx: RequestContext<TState, TMetadata>) => string | undefined);
  /** For development and tests: checks every body against its schema; a mismatch is logged and answered with 500. */
  validateResponses?: boolean;
  /** `next`: hand a path that the contract does not have to the next middleware. Default `answer`: 404. */
  unmatched?: 'answer' | 'next';
  log: (event: LogEvent) => void;
}
