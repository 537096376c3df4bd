import type { ClaimResult, IdempotencyClaim } from '@twite/core/idempotency/idempotency-store';
import type { WriteContext } from '../write-context.ts';
import { purgeTombstones } from './tombstones.ts';

interface Claimed {
  readonly fingerprint: string;
  readonly resourceId: string;
  readonly owner: string;
  readonly state: 'claimed' | 'released' | 'done';
  readonly response: string | null;
  readonly expiresAt: number;
}

export function claimKey(context: WriteContext, claim: IdempotencyClaim): ClaimResult {
  const { keyHash, fingerprint, resourceId, owner, expiresAt, now } = claim;
  const earlier = context.get<Claimed>(
    `SELECT fingerprint, resource_id AS resourceId, owner, state, response, expires_at AS expiresAt
     FROM idempotency WHERE key_hash = ?`,
    keyHash,
  );
  if (earlier === undefined || earlier.expiresAt <= now) {
    context.run(
      `INSERT OR REPLACE INTO idempotency (key_hash, fingerprint, resource_id, owner, state, expires_at)
       VALUES (?, ?, ?, ?, 'claimed', ?)`,
      keyHash,
      fingerprint,
      resourceId,
      owner,
      expiresAt,
    );
    return { state: 'claimed', resourceId };
  }
  if (earlier.fingerprint !== fingerprint) return { state: 'mismatch' };
  if (earlier.state === 'done') return { state: 'done', response: earlier.response ?? '' };
  if (earlier.state === 'claimed' && earlier.owner === owner) return { state: 'in_flight' };
  // Released, or its owner is gone: one process at a time serves a data folder, and this one is running.
  context.run(`UPDATE idempotency SET state = 'claimed', owner = ? WHERE key_hash = ?`, owner, keyHash);
  return { state: 'claimed', resourceId: earlier.resourceId };
}

export function completeKey(
  context: WriteContext,
  { keyHash, owner, response }: { keyHash: string; owner: string; response: string },
): void {
  context.run(
    `UPDATE idempotency SET state = 'done', response = ? WHERE key_hash = ? AND owner = ? AND state = 'claimed'`,
    response,
    keyHash,
    owner,
  );
}

export function releaseKey(
  context: WriteContext,
  { keyHash, owner }: { keyHash: string; owner: string },
): void {
  context.run(
    `UPDATE idempotency SET state = 'released' WHERE key_hash = ? AND owner = ? AND state = 'claimed'`,
    keyHash,
    owner,
  );
}

export function deleteExpiredKeys(context: WriteContext, { before }: { before: number }): number {
  const deleted = context.run('DELETE FROM idempotency WHERE expires_at < ?', before);
  purgeTombstones(context, before);
  return deleted;
}
