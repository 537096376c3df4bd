import type { ErrorCode, InputIssue } from './generated/types.ts';
import { type OperationDefinition, operationName } from './operation.ts';

// Registered, so that every copy of this package in a process, ESM or CommonJS, shares it.
const brand = Symbol.for('twite.error');

/**
 * The base class of all errors that the SDK itself throws. An aborted call rejects with its signal's reason instead.
 */
export class TwiteError extends Error {
  // Explicit, because minifiers rename classes.
  static override readonly name: string = 'TwiteError';
  static {
    Object.defineProperty(TwiteError.prototype, brand, { value: true });
  }
  override name: string = this.constructor.name;
}

/**
 * Whether an error comes from the SDK and is of the given class. Unlike `instanceof`, it also recognises errors of
 * another copy of the package, such as its CommonJS build next to its ES modules.
 */
export function isTwiteError<E extends TwiteError = TwiteError>(
  error: unknown,
  ErrorClass: abstract new (...parameters: never[]) => E = TwiteError as never,
): error is E {
  if (typeof error !== 'object' || error === null || !(brand in error)) return false;
  let Class: unknown = error.constructor;
  while (typeof Class === 'function' && Class.name !== ErrorClass.name) Class = Object.getPrototypeOf(Class);
  return typeof Class === 'function';
}

/** The input cannot be sent: no request was made. */
export class TwiteInputError extends TwiteError {
  static override readonly name: string = 'TwiteInputError';
  /** The invalid field of the input, if it is a single one. */
  readonly parameter: string | undefined;

  constructor(message: string, options: ErrorOptions & { readonly parameter?: string } = {}) {
    super(message, options);
    this.parameter = options.parameter;
  }
}

/** No answer arrived: connection refused or reset, or no such host. `cause` is the error from fetch. */
export class TwiteConnectionError extends TwiteError {
  static override readonly name: string = 'TwiteConnectionError';
}

/** The call took longer than its `timeoutMs`. `cause` is the error of the last attempt, if one failed. */
export class TwiteTimeoutError extends TwiteError {
  static override readonly name: string = 'TwiteTimeoutError';
  readonly timeoutMs: number;

  constructor(timeoutMs: number, options?: ErrorOptions, operation = 'The call') {
    super(`${operation} got no answer within ${timeoutMs} ms.`, options);
    this.timeoutMs = timeoutMs;
  }
}

/** What is known of an answer that violates the contract. */
export interface UnexpectedAnswer {
  readonly status: number;
  /** The first 500 characters. */
  readonly bodyStart: string;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
}

/** The answer violates the contract: it comes from another server, a proxy, or an incompatible version. */
export class TwiteProtocolError extends TwiteError {
  static override readonly name: string = 'TwiteProtocolError';
  declare readonly status: number;
  declare readonly bodyStart: string;
  declare readonly requestId: string | undefined;
  declare readonly retryAfterSeconds: number | undefined;

  constructor(message: string, answer: UnexpectedAnswer, options?: ErrorOptions) {
    super(message, options);
    Object.assign(this, answer);
  }
}

/** A problem as received, and its headers. */
export interface ProblemAnswer {
  readonly operation?: Pick<OperationDefinition, 'id' | 'namespace' | 'name'>;
  readonly status: number;
  readonly code: ErrorCode;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string | undefined;
  readonly errors: readonly InputIssue[];
  readonly retryAfterSeconds: number | undefined;
}

const shownIssues = 3;

/** The reason for people: the invalid fields, or else the detail. */
function reasonOf({ code, detail, errors }: ProblemAnswer): string {
  // The detail names a header, which callers of the SDK do not set.
  if (code === 'unauthenticated') return 'Sign in first, or give createTwite a token or a session.';
  if (errors.length === 0) return detail;
  const shown = errors.slice(0, shownIssues).map((issue) => `${issue.path || issue.in}: ${issue.message}`);
  const more = errors.length - shown.length;
  return `${shown.join('; ')}${more > 0 ? `; and ${more} more` : ''}`;
}

/** The server answered with a problem. `message` names the operation, the status, the code and the invalid fields. */
export class TwiteProblemError extends TwiteError {
  static override readonly name: string = 'TwiteProblemError';
  /** The operation that failed, such as `createPost`. */
  declare readonly operationId: string | undefined;
  declare readonly status: number;
  /** One of the contract's codes. A newer server may have additional codes. */
  declare readonly code: ErrorCode;
  declare readonly title: string;
  declare readonly detail: string;
  /** Identifies the request in the server's log. */
  declare readonly requestId: string | undefined;
  /** With `invalid_input`: every invalid place. For a refused upload: which file, if it has several. */
  declare readonly errors: readonly InputIssue[];
  /** The first invalid field, such as `text`. */
  declare readonly parameter: string | undefined;
  /** After how many seconds to retry, if the server said so. */
  declare readonly retryAfterSeconds: number | undefined;

  constructor(answer: ProblemAnswer) {
    const { operation, ...fields } = answer;
    const name = operation ? operationName(operation) : 'The call';
    super(`${name} failed with ${answer.status} ${answer.code}: ${reasonOf(answer)}`);
    Object.assign(this, fields, {
      operationId: operation?.id,
      parameter: answer.errors[0]?.path || undefined,
    });
  }
}

/** 401: no token, an invalid token, or a wrong password at sign-in. */
export class UnauthenticatedError extends TwiteProblemError {
  static override readonly name: string = 'UnauthenticatedError';
}

/** 403: the account, its role or its token lacks permission. */
export class ForbiddenError extends TwiteProblemError {
  static override readonly name: string = 'ForbiddenError';
}

/** 404: it does not exist, or you may not see it. */
export class NotFoundError extends TwiteProblemError {
  static override readonly name: string = 'NotFoundError';
}

/** 409: the request conflicts with the current state. */
export class ConflictError extends TwiteProblemError {
  static override readonly name: string = 'ConflictError';
}

/** 400, 413, 415 and 422: the input is invalid; `errors` lists the places. */
export class InvalidInputError extends TwiteProblemError {
  static override readonly name: string = 'InvalidInputError';
}

/** 429: too many requests. Wait `retryAfterSeconds`. */
export class RateLimitedError extends TwiteProblemError {
  static override readonly name: string = 'RateLimitedError';
}

/** 5xx: an internal error of the server. */
export class ServerError extends TwiteProblemError {
  static override readonly name: string = 'ServerError';
}

/** 503: the server is overloaded or shutting down. */
export class UnavailableError extends ServerError {
  static override readonly name: string = 'UnavailableError';
}

const classes: Readonly<Record<number, typeof TwiteProblemError>> = {
  400: InvalidInputError,
  401: UnauthenticatedError,
  403: ForbiddenError,
  404: NotFoundError,
  409: ConflictError,
  413: InvalidInputError,
  415: InvalidInputError,
  422: InvalidInputError,
  429: RateLimitedError,
  503: UnavailableError,
};

/** Creates an error of the class that matches the status. */
export function problemError(answer: ProblemAnswer): TwiteProblemError {
  const ProblemClass = classes[answer.status] ?? (answer.status >= 500 ? ServerError : TwiteProblemError);
  return new ProblemClass(answer);
}

/** Whether the server reports that the token is no longer valid. */
export const isInvalidToken = (error: unknown): boolean =>
  error instanceof TwiteProblemError && error.code === 'invalid_token';
