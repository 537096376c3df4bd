/** The engine cannot be opened. The message is one line for the operator; a stack would not tell them more. */
export class EngineOpenError extends Error {
  override readonly name = 'EngineOpenError';
}
