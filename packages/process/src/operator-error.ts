/** It cannot be done, for a reason that the operator of the machine can mend. One line says it; no stack is shown. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly exitCode = 1;
}
