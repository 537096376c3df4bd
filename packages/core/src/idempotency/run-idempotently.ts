import { ContractError } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { Unavailable } from '../unavailable.ts';
import { isAnswerLive } from './is-answer-live.ts';
import { makeSealingKey } from './sealed-response.ts';

/** An answer that can be given again: its body is JSON. */
export interface RepeatableResponse {
  readonly status: number;
  readonly body: unknown;
}

export interface IdempotentRequest {
  /** The Idempotency-Key header. */
  readonly key: string;
  /** Whose key it is: an account id, or what tells clients apart that are signed out. */
  readonly caller: string;
  readonly operationId: string;
  /** Path parameters, query and body: the same key with another input is refused. */
  readonly input: unknown;
  /** This process; a claim that another process left behind when it died is taken over. */
  readonly owner: string;
  /** How long it may take, if that is longer than most requests. */
  readonly takeoverAfterMs?: number | undefined;
}

/**
 * Does a request once for each key: a retry gets the first answer. Should the process die between the write and the
 * answer, the retry runs again with the same resource id, and finds what was written. An error releases the key.
 * A first answer whose secrets were revoked since is not given again. Throws `idempotency_in_flight`,
 * `idempotency_mismatch`, `answer_revoked`.
 */
export async function runIdempotently<T extends RepeatableResponse>(
  deps: Pick<Deps, 'idempotency' | 'sessions' | 'tokens' | 'passwordResets' | 'clock' | 'ids' | 'settings'>,
  request: IdempotentRequest,
  run: (resourceId: string) => Promise<T>,
): Promise<T | RepeatableResponse> {
  const sealing = makeSealingKey(request.caller, request.key);
  const now = deps.clock.now();
  const claim = await deps.idempotency.claim({
    keyHash: sealing.keyHash,
    fingerprint: sealing.fingerprint(JSON.stringify([request.operationId, request.input])),
    resourceId: deps.ids.next(),
    owner: request.owner,
    takeoverAfterMs: request.takeoverAfterMs,
    expiresAt: now + deps.settings.idempotencySeconds * 1000,
    now,
  });
  if (claim.state === 'in_flight') throw new ContractError('idempotency_in_flight', { retryAfterSeconds: 1 });
  if (claim.state === 'mismatch') throw new ContractError('idempotency_mismatch');
  if (claim.state === 'done') {
    const first = JSON.parse(sealing.open(claim.response)) as RepeatableResponse;
    if (await isAnswerLive(deps, request.operationId, first.body)) return first;
    throw new ContractError('answer_revoked');
  }
  // Should the release fail, what there is to say is still the answer or the error itself.
  const release = () => deps.idempotency.release(sealing.keyHash, request.owner).catch(() => undefined);
  let response: T;
  try {
    response = await run(claim.resourceId);
  } catch (error) {
    // What is away would make the client wait for the same once more.
    if (error instanceof Unavailable) void release();
    else await release();
    throw error;
  }
  const kept: RepeatableResponse = { status: response.status, body: response.body };
  const sealed = sealing.seal(JSON.stringify(kept));
  // It is done, whether its answer can be kept or not: a retry may then do it again, under the same id.
  await deps.idempotency.complete(sealing.keyHash, request.owner, sealed).catch(release);
  return response;
}
