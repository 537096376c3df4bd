import type { ErrorCode, InputIssue } from './generated/types.ts';

/** Everything that the SDK throws by itself. An aborted call rejects with its signal's reason instead. */
export class TwiteError extends Error {
  override name = 'TwiteError';
}

/** The input cannot be sent: nothing was asked of the server. */
export class TwiteInputError extends TwiteError {
  override name = 'TwiteInputError';
}

/** No answer came: refused, reset, no such host. `cause` is what fetch said. */
export class TwiteConnectionError extends TwiteError {
  override name = 'TwiteConnectionError';
}

/** The call took longer than its `timeoutMs`. `cause` is why the last try failed, if one did. */
export class TwiteTimeoutError extends TwiteError {
  override name = 'TwiteTimeoutError';
  readonly timeoutMs: number;

  constructor(timeoutMs: number, options?: ErrorOptions) {
    super(`No answer within ${timeoutMs} ms.`, options);
    this.timeoutMs = timeoutMs;
  }
}

/** What is known of an answer that is not what the contract says. */
export interface UnexpectedAnswer {
  readonly status: number;
  /** The first 500 characters. */
  readonly bodyStart: string;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;
}

/** The answer is not what the contract says: another server, a proxy's page, or a version too far away. */
export class TwiteProtocolError extends TwiteError {
  override name = 'TwiteProtocolError';
  readonly status: number;
  readonly bodyStart: string;
  readonly requestId: string | undefined;
  readonly retryAfterSeconds: number | undefined;

  constructor(message: string, answer: UnexpectedAnswer, options?: ErrorOptions) {
    super(message, options);
    this.status = answer.status;
    this.bodyStart = answer.bodyStart;
    this.requestId = answer.requestId;
    this.retryAfterSeconds = answer.retryAfterSeconds;
  }
}

/** A problem as it came, and its headers. */
export interface ProblemAnswer {
  readonly status: number;
  readonly code: ErrorCode;
  readonly title: string;
  readonly detail: string;
  readonly requestId: string | undefined;
  readonly errors: readonly InputIssue[];
  readonly retryAfterSeconds: number | undefined;
}

/** The server answered with a problem. `message` is its detail. */
export class TwiteProblemError extends TwiteError {
  override name = 'TwiteProblemError';
  readonly status: number;
  /** One of the contract's codes; a newer server may know more of them. */
  readonly code: ErrorCode;
  readonly title: string;
  readonly detail: string;
  /** Names the request in the server's log. */
  readonly requestId: string | undefined;
  /** With `invalid_input`: every place that is not valid. Of an upload that is refused: which file, if it has several. */
  readonly errors: readonly InputIssue[];
  /** After how many seconds to try again, if the server said so. */
  readonly retryAfterSeconds: number | undefined;

  constructor(answer: ProblemAnswer) {
    super(answer.detail);
    this.status = answer.status;
    this.code = answer.code;
    this.title = answer.title;
    this.detail = answer.detail;
    this.requestId = answer.requestId;
    this.errors = answer.errors;
    this.retryAfterSeconds = answer.retryAfterSeconds;
  }
}

/** 401: no token, a token that is not valid, or a wrong password at sign-in. */
export class UnauthenticatedError extends TwiteProblemError {
  override name = 'UnauthenticatedError';
}

/** 403: the account, its role or its token may not do this. */
export class ForbiddenError extends TwiteProblemError {
  override name = 'ForbiddenError';
}

/** 404: there is no such thing, or you may not see it. */
export class NotFoundError extends TwiteProblemError {
  override name = 'NotFoundError';
}

/** 409: it contradicts what is there. */
export class ConflictError extends TwiteProblemError {
  override name = 'ConflictError';
}

/** 400, 413, 415 and 422: the input is not acceptable; `errors` lists the places. */
export class InvalidInputError extends TwiteProblemError {
  override name = 'InvalidInputError';
}

/** 429: wait `retryAfterSeconds`. */
export class RateLimitedError extends TwiteProblemError {
  override name = 'RateLimitedError';
}

/** 5xx: something broke on the server. */
export class ServerError extends TwiteProblemError {
  override name = 'ServerError';
}

/** 503: too busy, or stopping. */
export class UnavailableError extends ServerError {
  override name = 'UnavailableError';
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

/** The error of the class that fits the status. */
export function problemError(answer: ProblemAnswer): TwiteProblemError {
  const ProblemClass = classes[answer.status] ?? (answer.status >= 500 ? ServerError : TwiteProblemError);
  return new ProblemClass(answer);
}

/** Whether the server says that the token sent is not valid any more. */
export const isInvalidToken = (error: unknown): boolean =>
  error instanceof TwiteProblemError && error.code === 'invalid_token';
