/** How an operation is called over HTTP, and as what in the SDK: one row of the generated table. */
export interface OperationDefinition {
  /** The same name everywhere: contract, server, SDK, CLI. */
  readonly id: string;
  /** `posts` of `twite.posts.create`. */
  readonly namespace: string;
  /** `create` of `twite.posts.create`. */
  readonly name: string;
  readonly method: string;
  /** From the root of the API, with `:name` for each path parameter. */
  readonly path: string;
  readonly pathParams: readonly string[];
  readonly query: Readonly<Record<string, 'single' | 'commaSeparated'>>;
  /** `optional`: sent when the input holds anything besides path and query parameters. `multipart`: a form with files. */
  readonly body: 'none' | 'optional' | 'required' | 'multipart';
  /** The one status of success. */
  readonly status: number;
  readonly answer: 'nothing' | 'value' | 'page';
  readonly auth: 'none' | 'optional' | 'required';
  /** Doing it twice leaves the same state as doing it once. */
  readonly idempotent: boolean;
  /** Whether an Idempotency-Key makes its retries safe. */
  readonly idempotencyKey: boolean;
}

/** What callers know an operation as: `posts.create`. */
export const operationName = ({ namespace, name }: Pick<OperationDefinition, 'namespace' | 'name'>): string =>
  `${namespace}.${name}`;

/** What may be said about one call. */
export interface CallOptions {
  /** Ends the call at once; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * 1 to 255 visible ASCII characters, for operations that create something: for 24 hours a call with the same key
   * and input gets the first answer. Without it each call has a random key, which already makes its own retries safe.
   */
  readonly idempotencyKey?: string | undefined;
  /** Milliseconds for the whole call, its retries and waits included; for a list, for each page. */
  readonly timeoutMs?: number | undefined;
}

/** For operations that take no input. */
export type NoInput = Readonly<Record<string, never>>;
