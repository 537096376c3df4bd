import type { OperationId } from './generated/operations.ts';
import type { TwiteResponse } from './response.ts';

/** A request that is about to be sent. */
export interface RequestEvent {
  readonly operationId: OperationId;
  readonly method: string;
  readonly url: string;
  /** 1 for the first try. */
  readonly attempt: number;
  /** The headers of this try, which the hook may change. They hold the token: do not log them all. */
  readonly headers: Headers;
}

/** An answer whose headers have arrived, of success or not. */
export interface ResponseEvent extends RequestEvent {
  readonly response: TwiteResponse;
  /** Milliseconds since the request was sent. */
  readonly durationMs: number;
}

/** A try that failed and will be repeated. */
export interface RetryEvent {
  readonly operationId: OperationId;
  /** The try that failed, 1 for the first. */
  readonly attempt: number;
  readonly error: unknown;
  /** Milliseconds until the next try. */
  readonly waitMs: number;
}

/** Called while calls run, and awaited. What a hook throws, the call rejects with. */
export interface Hooks {
  /** Before each try. */
  readonly onRequest?: ((event: RequestEvent) => unknown) | undefined;
  /** After each answer, before its body is read. Not after a try that got no answer. */
  readonly onResponse?: ((event: ResponseEvent) => unknown) | undefined;
  /** Before the wait for another try. */
  readonly onRetry?: ((event: RetryEvent) => unknown) | undefined;
}
