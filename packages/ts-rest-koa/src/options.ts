import type { IncomingMessage } from 'node:http';
import type Koa from 'koa';
import type { AnyResponse } from './contract-types.ts';
import type { Issue, TsRestKoaProblem } from './problem.ts';
import type { Operation, RequestContext } from './request-context.ts';

/** Runs before any byte of the body is read. Throws to refuse; `mapError` then decides the answer. */
export type BeforeBodyHook<TState, TMetadata> = (
  ctx: RequestContext<TState, TMetadata>,
) => void | Promise<void>;

/**
 * Runs once the body has been read, before it is validated, and only if the request waited for it: the body of most
 * requests has arrived by the time the `beforeBody` hooks are done. Rechecks what may have changed since them. Throws
 * to refuse, like they do.
 */
export type AfterBodyHook<TState, TMetadata> = BeforeBodyHook<TState, TMetadata>;

/** The validated input, as passed to `around`. */
export interface AnyInput {
  params: Readonly<Record<string, unknown>>;
  query: unknown;
  headers: unknown;
  body: unknown;
}

/** Wraps a handler, after validation. It may answer in its place, or inspect and change its response. */
export type Around<TState, TMetadata> = (
  ctx: RequestContext<TState, TMetadata>,
  input: AnyInput,
  next: () => Promise<AnyResponse>,
) => Promise<AnyResponse>;

/** The adapter's log events about bugs. `error` is the thrown value, if any. */
export type LogEvent =
  | { kind: 'undeclared_status'; operationId: string; status: number; error?: unknown }
  | { kind: 'invalid_response'; operationId: string; status: number; issues: Issue[] }
  | { kind: 'internal'; operationId?: string; error: unknown }
  /** The response had started, so its connection was closed. */
  | { kind: 'stream_failed'; operationId: string; error: unknown };

/** The result of reading a body: a value for the body's schema, or its issues. */
export type BodyContent = { readonly value: unknown } | { readonly issues: readonly Issue[] };

/**
 * Reads the body of one media type. The size and time limits of other bodies do not apply to it: it sets its own. At
 * any point of the body, it may throw errors that `mapError` knows: the rest is discarded. Resources outside of memory,
 * such as files, are released by `ctx.defer`.
 */
export type BodyReader<TState, TMetadata> = (
  req: IncomingMessage,
  ctx: RequestContext<TState, TMetadata>,
) => Promise<BodyContent>;

export interface KoaMiddlewareOptions<TState = Record<string, unknown>, TMetadata = unknown> {
  /** The prefix of every path of the contract, such as `/v1`. */
  pathPrefix?: string;
  /** The maximum length of a request body, in bytes. Default: 65,536. */
  jsonLimitBytes?: number;
  /**
   * How long a client may take to send 65,536 bytes of a body that the adapter reads itself. Default: 10 seconds. A
   * shorter body gets the same time. A longer one gets more time as it arrives: half as many bytes again, half as much
   * time again.
   */
  bodyTimeoutMs?: number;
  /** Run in this order for every operation. */
  beforeBody?: readonly BeforeBodyHook<TState, TMetadata>[];
  around?: Around<TState, TMetadata>;
  /**
   * Called once per operation when the middleware is created. Returns hooks for this operation only, chosen by its
   * metadata. Its `beforeBody` run after the ones above, its `around` inside the one above.
   */
  forOperation?: (operation: Operation<TMetadata>) => {
    beforeBody?: readonly BeforeBodyHook<TState, TMetadata>[];
    afterBody?: readonly AfterBodyHook<TState, TMetadata>[];
    around?: Around<TState, TMetadata> | undefined;
    /**
     * Query parameters with several values, which their schema reads from `a,b`. Clients may then also write
     * `ids=a&ids=b`, `ids[]=a&ids[]=b` or, like the client of ts-rest, `ids[0]=a&ids[1]=b`.
     */
    queryLists?: readonly string[];
  };
  /** Readers by `contentType`, such as `multipart/form-data`. Their value is validated by the body's schema. */
  bodyReaders?: Readonly<Record<string, BodyReader<TState, TMetadata>>>;
  /** Formats every error that the adapter itself creates. The body is serialised unless it is `raw`. */
  onProblem: (problem: TsRestKoaProblem, koa: Koa.Context) => AnyResponse;
  /**
   * Converts errors of hooks and handlers to a response. Undefined means a bug, which is logged and answered with 500.
   */
  mapError?: (error: unknown, ctx: RequestContext<TState, TMetadata>) => AnyResponse | undefined;
  /** Statuses that every operation may answer with, in addition to those that it declares. */
  commonStatuses?: readonly number[];
  /** Default: `JSON.stringify`. */
  serialise?: (body: unknown) => string | Buffer;
  /**
   * The ETag of 200 answers to GET and HEAD, and with it 304 for a matching If-None-Match. `true` hashes every such
   * body (`weakEtag`); a function may skip some. An ETag header that a handler sets is always used unchanged.
   */
  etag?:
    | boolean
    | ((body: string | Uint8Array, ctx: RequestContext<TState, TMetadata>) => string | undefined);
  /** For development and tests: checks every body against its schema. A mismatch is logged and answered with 500. */
  validateResponses?: boolean;
  /** `next`: passes a path that the contract does not have to the next middleware. Default `answer`: 404. */
  unmatched?: 'answer' | 'next';
  log: (event: LogEvent) => void;
}
