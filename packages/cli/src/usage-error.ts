/** The command line is invalid: exit code 2. The message says how to fix it. */
export class UsageError extends Error {
  override name = 'UsageError';
}

/** The command cannot continue. The message gives the reason and the fix: exit code 1. */
export class CommandError extends Error {
  override name = 'CommandError';
  readonly code: string;

  /** `code`: the code in the output of `--json`. */
  constructor(code: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** The server refused a file. `cause` is its problem, `outcome` the consequence for the rest of the command. */
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
