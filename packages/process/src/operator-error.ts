/**
 * The operation is impossible for a reason that the operator of the machine can fix. Shown as one line without a stack.
 */
export class OperatorError extends Error {
  override readonly name = 'OperatorError';
  readonly exitCode = 1;
  /** Whether a retry may help, for example after an input/output error of a disk. */
  readonly isTransient: boolean;

  constructor(message: string, options: ErrorOptions & { readonly isTransient?: boolean } = {}) {
    super(message, options);
    this.isTransient = options.isTransient ?? false;
  }
}
