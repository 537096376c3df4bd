/** An error in a log line. */
export interface LoggedError {
  readonly type: string;
  readonly message: string;
  readonly code?: string | number;
  readonly stack?: string;
  readonly cause?: LoggedError;
  /** The first errors of an AggregateError. */
  readonly errors?: readonly LoggedError[];
}

const messageMax = 2_000;
const stackMax = 8_000;
const depthMax = 5;
const errorsMax = 3;

const codeOf = (error: object): string | number | undefined => {
  const code = (error as { readonly code?: unknown }).code;
  return typeof code === 'string' || typeof code === 'number' ? code : undefined;
};

/**
 * Copies only fields that name the failure. Drivers attach what they were sent: a command of Redis with the post to be
 * cached, a document of MongoDB, the query of a search.
 */
export function logError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { type: typeof error, message: String(error).slice(0, messageMax) };
  const { cause, stack } = error;
  const code = codeOf(error);
  const errors = error instanceof AggregateError ? error.errors.slice(0, errorsMax) : [];
  return {
    type: error.name,
    message: error.message.slice(0, messageMax),
    ...(code === undefined ? {} : { code }),
    ...(stack === undefined ? {} : { stack: stack.slice(0, stackMax) }),
    ...(cause === undefined || depth >= depthMax ? {} : { cause: logError(cause, depth + 1) }),
    ...(errors.length === 0 || depth >= depthMax
      ? {}
      : { errors: errors.map((each) => logError(each, depth + 1)) }),
  };
}
