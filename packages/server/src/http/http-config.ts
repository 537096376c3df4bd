import type { ErrorCode, OperationId, Priority, RateLimitPolicyName, ServiceName } from '@twite/contract';
import type { RateLimitPolicies } from '@twite/core/rate-limits/limit-request';
import type { ShedConfig } from './shed-load.ts';

/** The configuration of the HTTP side of a server. */
export interface HttpConfig {
  readonly instanceName: string;
  /** The groups of operations to mount; all others answer `not_found`. */
  readonly services: readonly ServiceName[];
  /** Null: no limits. */
  readonly rateLimits: RateLimitPolicies | null;
  readonly jsonBodyBytesMax: number;
  /** The number of trusted hops in X-Forwarded-For; 0: only the address of the socket. */
  readonly trustedProxies: number;
  /** Where clients reach the instance, for links; null or undefined: the address that a request came to. */
  readonly publicUrl?: string | null;
  /** Empty: no other origins; `*` alone: all. */
  readonly corsOrigins: readonly string[];
  /** Whether to send Strict-Transport-Security: only when all traffic uses HTTPS. */
  readonly hsts: boolean;
  /** When requests are rejected because of overload. */
  readonly shed: ShedConfig;
}

/** The same as pino's. */
export interface HttpLog {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
  isLevelEnabled(level: string): boolean;
}

/** A finished request. */
export interface FinishedRequest {
  /** `media`: a file; `page`: documentation or health; `none`: the path does not exist. */
  readonly operation: OperationId | 'media' | 'page' | 'none';
  readonly method: string;
  /** 499: the client disconnected before the answer. */
  readonly status: number;
  readonly seconds: number;
  /** The code of the answered problem. */
  readonly errorCode: ErrorCode | undefined;
}

/** Counts the requests and events of the HTTP API. */
export interface HttpMetrics {
  requestStarted(): void;
  /** Follows each `requestStarted`, however the request ends. */
  requestFinished(request: FinishedRequest): void;
  rateLimited(policy: RateLimitPolicyName): void;
  /**
   * A request was rejected before it started, because the server is overloaded: this is the only place that counts it.
   */
  requestShed(priority: Priority, operationId: OperationId | undefined, method: string): void;
  uploadReceived(bytes: number): void;
}

export interface HttpReadiness {
  /** Whether to send requests here. */
  isReady(): Promise<boolean>;
  /** Whether the server answers reads, but refuses writes for lack of space. By default it never does. */
  readonly isStorageFull?: () => boolean;
}
