import type { OperationMetadata } from '@twite/contract';
import type { Deps } from '@twite/core/engine';
import { type RepeatableResponse, runIdempotently } from '@twite/core/idempotency/run-idempotently';
import type { AnyInput, Around } from 'ts-rest-koa';
import type { RequestState } from './request-state.ts';
import { takesForm } from './uploads/multipart-operations.ts';

type IdempotencyDeps = Pick<Deps, 'idempotency' | 'clock' | 'ids' | 'settings'>;

const keyOf = ({ headers }: AnyInput): string | undefined =>
  (headers as Readonly<Record<string, string | undefined>> | undefined)?.['idempotency-key'];

/** Longer than an upload is processed and stored. */
const uploadTakeoverAfterMs = 10 * 60_000;

/** Gives every POST the id of what it makes, and with an Idempotency-Key its retries the first answer. */
export function makeIdempotentAround(
  deps: IdempotencyDeps,
  owner: string,
): Around<RequestState, OperationMetadata> {
  return async ({ operationId, route, state }, input, next) => {
    const key = keyOf(input);
    if (key === undefined) {
      state.resourceId = deps.ids.next();
      return next();
    }
    const request = {
      key,
      caller: state.principal?.account.accountId ?? 'anonymous',
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
