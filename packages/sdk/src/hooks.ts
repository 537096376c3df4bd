import type { OperationId } from './generated/operations.ts';
import type { TwiteResponse } from './response.ts';

/** A request that is about to be sent. */
export interface RequestEvent {
  readonly operationId: OperationId;
  readonly method: string;
  readonly url: string;
  /** 1 for the first attempt. */
  readonly attempt: number;
  /** The headers of this attempt, which the hook may change. They contain the token: do not log them all. */
  readonly headers: Headers;
}

/** A response whose headers have arrived, successful or not. */
export interface ResponseEvent extends RequestEvent {
  readonly response: TwiteResponse;
  /** Milliseconds since the request was sent. */
  readonly durationMs: number;
}

/** A failed attempt that will be retried. */
export interface RetryEvent {
  readonly operationId: OperationId;
  /** The failed attempt, 1 for the first. */
  readonly attempt: number;
  readonly error: unknown;
  /** Milliseconds until the next attempt. */
  readonly waitMs: number;
}

/** Called and awaited while calls run. If a hook throws, the call rejects with its error. */
export interface Hooks {
  /** Called before each attempt. */
  readonly onRequest?: ((event: RequestEvent) => unknown) | undefined;
  /** Called after each response, before its body is read. Not called if an attempt got no response. */
  readonly onResponse?: ((event: ResponseEvent) => unknown) | undefined;
  /** Called before the wait for another attempt. */
  readonly onRetry?: ((event: RetryEvent) => unknown) | undefined;
}
