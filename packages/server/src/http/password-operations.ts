import { ContractError, type OperationMetadata } from '@twite/contract';
import { clientKey } from '@twite/core/rate-limits/client-address';
import type { BeforeBodyHook } from 'ts-rest-koa';
import type { RequestState } from './request-state.ts';

/** Whether a signed-out request hashes a password. */
export const takesPassword = ({ auth, rateLimit }: OperationMetadata): boolean =>
  auth === 'none' && (rateLimit === 'signIn' || rateLimit === 'signUp');

/**
 * Refuses a sign-in before its body is read, while the queue is full and contains others of the same client. Throws
 * `overloaded`.
 */
export const refusePasswordsWhileFull =
  (isFullFor: (client: string) => boolean): BeforeBodyHook<RequestState, OperationMetadata> =>
  ({ koa }) => {
    if (isFullFor(clientKey(koa.ip))) {
      throw new ContractError('overloaded', { retryAfterSeconds: 1 });
    }
  };
