/** The command line cannot be obeyed as it was given: exit code 2. The message says what to do. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** It cannot go on, for a reason that the message tells with what to do: exit code 1. */
export class CommandError extends Error {
  override name = 'CommandError';
  readonly code: string;

  /** `code`: what `--json` tells programs. */
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The server refused a file. `cause` is its problem, `outcome` what that means for the rest of the command. */
export class RefusedFileError extends Error {
  override name = 'RefusedFileError';
  readonly file: string;
  readonly outcome: string;

  constructor(file: string, outcome: string, cause: Error) {
    super(`${file}: ${cause.message}`, { cause });
    this.file = file;
    this.outcome = outcome;
  }
}
