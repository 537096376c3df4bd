/** The engine cannot be opened. The message is one line for the operator; a stack would not help. */
export class EngineOpenError extends Error {
  override readonly name = 'EngineOpenError';
  /** Whether a retry may help: the disk failed to read or write. */
  readonly isTransient: boolean;

  constructor(message: string, options: ErrorOptions & { readonly isTransient?: boolean } = {}) {
    super(message, options);
    this.isTransient = options.isTransient ?? false;
  }
}
