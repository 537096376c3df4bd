/** It cannot be done, for a reason that the operator of the machine can mend. One line says it; no stack is shown. */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly exitCode = 1;
  /** Whether trying again may help, such as after an input/output error of a disk. */
  readonly isTransient: boolean;

  constructor(message: string, options: ErrorOptions & { readonly isTransient?: boolean } = {}) {
    super(message, options);
    this.isTransient = options.isTransient ?? false;
  }
}
