import type { ErrorCode, OperationId, Priority, RateLimitPolicyName, ServiceName } from '@twite/contract';
import type { RateLimitPolicies } from '@twite/core/rate-limits/limit-request';
import type { ShedConfig } from './shed-load.ts';

/** What the HTTP side of a server is configured with. */
export interface HttpConfig {
  readonly instanceName: string;
  /** The groups of operations to mount; all others answer `not_found`. */
  readonly services: readonly ServiceName[];
  /** Null: nothing is limited. */
  readonly rateLimits: RateLimitPolicies | null;
  readonly jsonBodyBytesMax: number;
  /** How many hops of X-Forwarded-For are believed; 0: the address of the socket alone. */
  readonly trustedProxies: number;
  /** Where clients reach the instance, for links; null or undefined: the address that a request came to. */
  readonly publicUrl?: string | null;
  /** Empty: no other origin; `*` alone: all. */
  readonly corsOrigins: readonly string[];
  /** Whether to send Strict-Transport-Security: only when all traffic comes by HTTPS. */
  readonly hsts: boolean;
  /** When requests are refused because there is too much to do. */
  readonly shed: ShedConfig;
}

/** As pino has it. */
export interface HttpLog {
  debug(details: object, message: string): void;
  info(details: object, message: string): void;
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
  isLevelEnabled(level: string): boolean;
}

/** A request that is over. */
export interface FinishedRequest {
  /** `media`: a file; `page`: documentation or health; `none`: there is no such path. */
  readonly operation: OperationId | 'media' | 'page' | 'none';
  readonly method: string;
  /** 499: the client left before it was answered. */
  readonly status: number;
  readonly seconds: number;
  /** Of the problem that was answered. */
  readonly errorCode: ErrorCode | undefined;
}

/** Counts what the HTTP API does. */
export interface HttpMetrics {
  requestStarted(): void;
  /** Follows each `requestStarted`, however the request ends. */
  requestFinished(request: FinishedRequest): void;
  rateLimited(policy: RateLimitPolicyName): void;
  /** A request was refused before it started, because the server is overloaded: it is counted by this alone. */
  requestShed(priority: Priority, operationId: OperationId | undefined, method: string): void;
  uploadReceived(bytes: number): void;
}

export interface HttpReadiness {
  /** Whether to send requests here. */
  isReady(): Promise<boolean>;
  /** Whether the server answers reads, but refuses writes for lack of space. By default it never does. */
  readonly isStorageFull?: () => boolean;
}
