import type { OperationMetadata } from '@twite/contract';
import { type RepeatableResponse, runIdempotently } from '@twite/core/idempotency/run-idempotently';
import { clientKey } from '@twite/core/rate-limits/client-address';
import type { Principal } from '@twite/core/sessions/authenticate';
import type { Context } from 'koa';
import type { AnyInput, Around } from 'ts-rest-koa';
import type { RequestState } from './request-state.ts';
import { takesForm } from './uploads/multipart-operations.ts';

type IdempotencyDeps = Parameters<typeof runIdempotently>[0];

const keyOf = ({ headers }: AnyInput): string | undefined =>
  (headers as Readonly<Record<string, string | undefined>> | undefined)?.['idempotency-key'];

/** Longer than an upload is processed and stored. */
const uploadTakeoverAfterMs = 10 * 60_000;

/**
 * Whose key it is. Clients that are signed out are told apart by their network and their User-Agent, so that a key that two
 * of them chose by chance gives neither the other's answer.
 */
const callerOf = (koa: Context, principal: Principal | undefined): string =>
  principal?.account.accountId ?? `anonymous ${clientKey(koa.ip)} ${koa.get('user-agent')}`;

/** Gives every POST the id of what it makes, and with an Idempotency-Key its retries the first answer. */
export function makeIdempotentAround(
  deps: IdempotencyDeps,
  owner: string,
): Around<RequestState, OperationMetadata> {
  return async ({ koa, operationId, route, state }, input, next) => {
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
      takeoverAfterMs: takesForm(route) ? uploadTakeoverAfterMs : undefined,
    };
    return runIdempotently(deps, request, async (resourceId) => {
      state.resourceId = resourceId;
      return (await next()) as RepeatableResponse;
    });
  };
}
