import { ContractError } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { Unavailable } from '../unavailable.ts';
import { isAnswerLive } from './is-answer-live.ts';
import { makeSealingKey } from './sealed-response.ts';

/** An answer that can be replayed: its body is JSON. */
export interface RepeatableResponse {
  readonly status: number;
  readonly body: unknown;
}

export interface IdempotentRequest {
  /** The Idempotency-Key header. */
  readonly key: string;
  /** The owner of the key: an account id, or an identifier of the client if signed out. */
  readonly caller: string;
  readonly operationId: string;
  /** Path parameters, query and body. The same key with another input is refused. */
  readonly input: unknown;
  /** This process. It takes over a claim that a dead process left behind. */
  readonly owner: string;
  /** How long the request may take, if longer than most requests. */
  readonly takeoverAfterMs?: number | undefined;
}

/**
 * Runs a request once per key: a retry gets the first answer. If the process dies between the write and the answer, the
 * retry runs again with the same resource id and finds what was written. An error releases the key. A first answer
 * whose secrets were revoked since is not replayed. Throws `idempotency_in_flight`, `idempotency_mismatch`,
 * `answer_revoked`.
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
  // If the release fails, the caller still gets the answer or the original error.
  const release = () => deps.idempotency.release(sealing.keyHash, request.owner).catch(() => undefined);
  let response: T;
  try {
    response = await run(claim.resourceId);
  } catch (error) {
    // Awaiting would make the client wait for the unavailable store a second time.
    if (error instanceof Unavailable) void release();
    else await release();
    throw error;
  }
  const kept: RepeatableResponse = { status: response.status, body: response.body };
  const sealed = sealing.seal(JSON.stringify(kept));
  // The request is done whether or not its answer can be stored: without it, a retry may run again under the same id.
  await deps.idempotency.complete(sealing.keyHash, request.owner, sealed).catch(release);
  return response;
}
