/** The engine cannot be opened. The message is one line for the operator; a stack would not tell them more. */
export class EngineOpenError extends Error {
  override readonly name = 'EngineOpenError';
  /** Whether trying again may help: the disk failed to read or write. */
  readonly isTransient: boolean;

  constructor(message: string, options: ErrorOptions & { readonly isTransient?: boolean } = {}) {
    super(message, options);
    this.isTransient = options.isTransient ?? false;
  }
}
