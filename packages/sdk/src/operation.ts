/** How to call an operation over HTTP, and its name in the SDK: one row of the generated table. */
export interface OperationDefinition {
  /** The same name in the contract, server, SDK and CLI. */
  readonly id: string;
  /** `posts` in `twite.posts.create`. */
  readonly namespace: string;
  /** `create` in `twite.posts.create`. */
  readonly name: string;
  readonly method: string;
  /** From the root of the API, with `:name` for each path parameter. */
  readonly path: string;
  readonly pathParams: readonly string[];
  readonly query: Readonly<Record<string, 'single' | 'commaSeparated'>>;
  /** `optional`: sent if the input has anything besides path and query parameters. `multipart`: a form with files. */
  readonly body: 'none' | 'optional' | 'required' | 'multipart';
  /** The only success status. */
  readonly status: number;
  readonly answer: 'nothing' | 'value' | 'page';
  readonly auth: 'none' | 'optional' | 'required';
  /** Whether repeating it leaves the same state. */
  readonly idempotent: boolean;
  /** Whether an Idempotency-Key makes its retries safe. */
  readonly idempotencyKey: boolean;
}

/** The name that callers use for an operation: `posts.create`. */
export const operationName = ({ namespace, name }: Pick<OperationDefinition, 'namespace' | 'name'>): string =>
  `${namespace}.${name}`;

/** Options of one call. */
export interface CallOptions {
  /** Aborts the call at once; it rejects with the signal's reason. */
  readonly signal?: AbortSignal | undefined;
  /**
   * 1 to 255 visible ASCII characters, for operations that create something: for 24 hours a call with the same key and
   * input gets the first answer. By default each call has a random key, which already makes its own retries safe.
   */
  readonly idempotencyKey?: string | undefined;
  /** Milliseconds for the whole call, including retries and waits; for a list, for each page. */
  readonly timeoutMs?: number | undefined;
}

/** For operations that take no input. */
export type NoInput = Readonly<Record<string, never>>;
