/** The engine cannot be opened. The message is one line for the operator; a stack trace would not help them. */
export class EngineOpenError extends Error {
  override readonly name = 'EngineOpenError';
  /** Whether opening it may succeed later without any change except that a service recovers. */
  readonly isTemporary: boolean;

  constructor(message: string, options: ErrorOptions & { readonly isTemporary?: boolean } = {}) {
    super(message, options);
    this.isTemporary = options.isTemporary ?? false;
  }
}
