/** The server cannot start, for a reason that the operator can mend. The message is one line; no stack is shown. */
export class StartError extends Error {
  override readonly name = 'StartError';
  readonly exitCode = 1;
}
