import type { ErrorCode, OperationId } from '@twite/contract';
import type { LimitStanding } from '@twite/core/rate-limits/limit-request';
import type { Principal } from '@twite/core/sessions/authenticate';
import { type LogNames, type NamedRequest, namesOfRequest } from '@twite/process/log-names';

/** What is known about a request; filled on its way in, Koa's `ctx.state`. */
export interface RequestState extends NamedRequest {
  requestId: string;
  operationId?: OperationId;
  /** Where there is no operation: what was asked for instead. */
  surface?: 'media' | 'page';
  /** Of the problem that is answered. */
  errorCode?: ErrorCode;
  /** A traceparent: of what changes something always, else when the client sent one. */
  trace?: string;
  /** Undefined: signed out. */
  principal?: Principal;
  /** The tightest of the rate limits that it was counted against. */
  standing?: LimitStanding;
  /** The id that a POST gives to what it makes; the same again on a retry with its Idempotency-Key. */
  resourceId?: string;
}

/** What a log line about a request is found by. Nothing before the request has an id. */
export const namesOf = (state?: Partial<RequestState>): LogNames =>
  state?.requestId === undefined ? {} : namesOfRequest(state as RequestState);
