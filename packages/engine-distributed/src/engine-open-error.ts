/** The engine cannot be opened. The message is one line for the operator; a stack would not tell them more. */
export class EngineOpenError extends Error {
  override readonly name = 'EngineOpenError';
  /** Whether opening it may succeed later with nothing changed but a service that is back. */
  readonly isTemporary: boolean;

  constructor(message: string, options: ErrorOptions & { readonly isTemporary?: boolean } = {}) {
    super(message, options);
    this.isTemporary = options.isTemporary ?? false;
  }
}
