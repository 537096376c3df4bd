import type { OperationMetadata } from '@twite/contract';
import { type RepeatableResponse, runIdempotently } from '@twite/core/idempotency/run-idempotently';
import { clientKey } from '@twite/core/rate-limits/client-address';
import type { Principal } from '@twite/core/sessions/authenticate';
import type { Context } from 'koa';
import type { AnyInput, Around } from 'ts-rest-koa';
import type { RequestState } from './request-state.ts';

type IdempotencyDeps = Parameters<typeof runIdempotently>[0];

const keyOf = ({ headers }: AnyInput): string | undefined =>
  (headers as Readonly<Record<string, string | undefined>> | undefined)?.['idempotency-key'];

/** Longer than it takes to process and store an upload. */
const uploadTakeoverAfterMs = 10 * 60_000;

/**
 * The owner of a key. Signed-out clients are distinguished by their network and their User-Agent, so that when two of
 * them choose the same key by chance, neither gets the other's answer.
 */
const callerOf = (koa: Context, principal: Principal | undefined): string =>
  principal?.account.accountId ?? `anonymous ${clientKey(koa.ip)} ${koa.get('user-agent')}`;

/** Gives every POST the id of its new resource, and with an Idempotency-Key gives its retries the first answer. */
export function makeIdempotentAround(
  deps: IdempotencyDeps,
  owner: string,
): Around<RequestState, OperationMetadata> {
  return async ({ koa, operationId, metadata, state }, input, next) => {
    const key = keyOf(input);
    if (key === undefined) {
      state.resourceId = deps.ids.next();
      return next();
    }
    const request = {
      key,
      caller: callerOf(koa, state.principal),
      operationId,
      input: { params: input.params, query: input.query, body: input.body },
      owner,
      takeoverAfterMs: metadata.body === 'upload' ? uploadTakeoverAfterMs : undefined,
    };
    return runIdempotently(deps, request, async (resourceId) => {
      state.resourceId = resourceId;
      return (await next()) as RepeatableResponse;
    });
  };
}
