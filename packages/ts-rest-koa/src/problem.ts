/** Where in the request a value was found that does not fit the contract. */
export type IssueLocation = 'path' | 'query' | 'headers' | 'body';

/** One thing that is wrong with a request (or, with `validateResponses`, with a response body). */
export interface Issue {
  in: IssueLocation;
  /** Keys joined by dots, such as `author.handle` or `tags.2`; empty when the whole value is meant. */
  path: string;
  /** The schema library's own code when it gives one (`too_small`, …), else `invalid`; the adapter's own are
   * `duplicate_key`, `malformed_encoding` and `too_deep`. */
  code: string;
  message: string;
}

export type TsRestKoaProblemKind =
  /** No route has this path. */
  | 'not_found'
  /** The path exists, with other methods: see `allow`. */
  | 'method_not_allowed'
  /** The path holds percent-encoding that does not decode to UTF-8. */
  | 'malformed_path'
  /** The body is not UTF-8, or not JSON. */
  | 'malformed_json'
  /** The body has another media type, charset or content encoding than the operation takes. */
  | 'unsupported_media_type'
  /** The body is longer than `jsonLimitBytes`. */
  | 'payload_too_large'
  /** The body arrived more slowly than `bodyTimeoutMs` allows. The adapter closes the connection after the answer. */
  | 'body_timeout'
  /** The request was understood and does not fit the contract: see `issues`. */
  | 'invalid_input'
  /** A handler, or `mapError`, gave a status that the operation does not declare. A bug; also logged. */
  | 'undeclared_status'
  /** Something threw that `mapError` did not know, or a response could not be written. A bug; also logged. */
  | 'internal';

/** An error that the adapter itself makes. `onProblem` gives it a status and a body. */
export interface TsRestKoaProblem {
  kind: TsRestKoaProblemKind;
  /** Absent when no operation was matched. */
  operationId?: string;
  /** With `invalid_input`: everything that is wrong, at most 100 entries. */
  issues?: Issue[];
  /** With `method_not_allowed`: the methods that the path has. The adapter sets the Allow header itself. */
  allow?: readonly string[];
  /** With `internal` and `undeclared_status`: what was thrown, for logs. Never show it to a client. */
  cause?: unknown;
}

/** The status that fits each kind, for use in `onProblem`. */
export const problemStatuses = {
  not_found: 404,
  method_not_allowed: 405,
  malformed_path: 400,
  malformed_json: 400,
  unsupported_media_type: 415,
  payload_too_large: 413,
  body_timeout: 408,
  invalid_input: 422,
  undeclared_status: 500,
  internal: 500,
} as const satisfies Record<TsRestKoaProblemKind, number>;
