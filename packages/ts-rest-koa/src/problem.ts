/** The part of the request with the invalid value. */
export type IssueLocation = 'path' | 'query' | 'headers' | 'body';

/** One thing that is wrong with a request (or, with `validateResponses`, with a response body). */
export interface Issue {
  in: IssueLocation;
  /** Keys joined by dots, such as `author.handle` or `tags.2`. Empty if the whole value is meant. */
  path: string;
  /**
   * The schema library's own code if it provides one (`too_small`, …), else `invalid`. The adapter's own codes are
   * `duplicate_key`, `malformed_encoding` and `too_deep`.
   */
  code: string;
  message: string;
}

export type TsRestKoaProblemKind =
  /** No route has this path. */
  | 'not_found'
  /** The path exists with other methods: see `allow`. */
  | 'method_not_allowed'
  /** The path contains percent-encoding that does not decode to UTF-8. */
  | 'malformed_path'
  /** The body is not UTF-8, or not JSON. */
  | 'malformed_json'
  /** The operation does not accept the media type, charset or content encoding of the body. */
  | 'unsupported_media_type'
  /** The body is longer than `jsonLimitBytes`. */
  | 'payload_too_large'
  /** The body arrived more slowly than `bodyTimeoutMs` allows. The adapter closes the connection after the answer. */
  | 'body_timeout'
  /** The request is well-formed but does not match the contract: see `issues`. */
  | 'invalid_input'
  /** A handler, or `mapError`, returned a status that the operation does not declare. A bug; also logged. */
  | 'undeclared_status'
  /**
   * Something threw an error that `mapError` did not handle, or a response could not be written. A bug; also logged.
   */
  | 'internal';

/** An error that the adapter itself creates. `onProblem` gives it a status and a body. */
export interface TsRestKoaProblem {
  kind: TsRestKoaProblemKind;
  /** Absent if no operation matched. */
  operationId?: string;
  /** With `invalid_input`: all issues, at most 100. */
  issues?: Issue[];
  /** With `method_not_allowed`: the methods of the path. The adapter sets the Allow header itself. */
  allow?: readonly string[];
  /** With `internal` and `undeclared_status`: the thrown error, for logs. Never show it to a client. */
  cause?: unknown;
}

/** The default status of each kind, for use in `onProblem`. */
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
