import type { ErrorCode, OperationId } from '@twite/contract';
import type { LimitStanding } from '@twite/core/rate-limits/limit-request';
import type { Principal } from '@twite/core/sessions/authenticate';
import { type LogNames, type NamedRequest, namesOfRequest } from '@twite/process/log-names';

/** The state of a request, filled in while it is processed; Koa's `ctx.state`. */
export interface RequestState extends NamedRequest {
  requestId: string;
  operationId?: OperationId;
  /** The kind of request when it is not an operation. */
  surface?: 'media' | 'page';
  /** The code of the answered problem. */
  errorCode?: ErrorCode;
  /** A traceparent: always set for changes, otherwise when the client sent one. */
  trace?: string;
  /** Undefined: signed out. */
  principal?: Principal;
  /** The tightest of the rate limits that it was counted against. */
  standing?: LimitStanding;
  /** The id that a POST gives to its new resource; the same again on a retry with its Idempotency-Key. */
  resourceId?: string;
}

/** The ids by which log lines about a request are found. A request has no ids until its state is set. */
export const namesOf = (state?: Partial<RequestState>): LogNames =>
  state?.requestId === undefined ? {} : namesOfRequest(state as RequestState);
