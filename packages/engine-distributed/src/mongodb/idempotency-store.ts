import { setTimeout as wait } from 'node:timers/promises';
import {
  type ClaimResult,
  type IdempotencyClaim,
  type IdempotencyStore,
  takeoverAfterMsDefault,
} from '@twite/core/idempotency/idempotency-store';
import { hit } from '../failpoints.ts';
import type { IdempotencyDoc } from './documents.ts';
import { insertedNew } from './errors.ts';
import type { MongoContext } from './mongo-context.ts';
import { isProcessAlive } from './process-lease.ts';
import { bounded } from './reads.ts';

const releaseEveryMs = 1_000;

/**
 * A claim in flight is taken over, with its id, when nobody works on it any more: its process has no lease, or is this
 * one and knows that it does not, or the claim has taken longer than it may. A write whose answer was lost may have
 * been done, so a failed claim or release is taken back until that is certain: otherwise the client, asked to retry
 * with its key, would find it in flight for a day.
 */
export class MongoIdempotencyStore implements IdempotencyStore {
  readonly #context: MongoContext;
  /** The times of the claims that this process is making or works on; each is unique. */
  readonly #live = new Set<number>();
  /** The claims that it works on, by owner and key. */
  readonly #claimed = new Map<string, { claimedAt: number; takeoverAfterMs: number | undefined }>();
  #lastClaimedAt = 0;

  constructor(context: MongoContext) {
    this.#context = context;
  }

  async claim(claim: IdempotencyClaim): Promise<ClaimResult> {
    const { keyHash, owner } = claim;
    this.#lastClaimedAt = Math.max(this.#lastClaimedAt + 1, this.#context.wallNow());
    const claimedAt = this.#lastClaimedAt;
    this.#live.add(claimedAt);
    try {
      const result = await this.#claim(claim, claimedAt);
      const { takeoverAfterMs } = claim;
      if (result.state === 'claimed') {
        this.#claimed.set(`${owner} ${keyHash}`, { claimedAt, takeoverAfterMs });
      } else this.#live.delete(claimedAt);
      return result;
    } catch (error) {
      this.#live.delete(claimedAt);
      void this.#takeBack(keyHash, owner, claimedAt, claim.takeoverAfterMs);
      throw error;
    }
  }

  async complete(keyHash: string, owner: string, response: string): Promise<void> {
    hit('idempotency.beforeComplete');
    await this.#context.collections.idempotencyKeys.updateOne(
      { _id: keyHash, owner, response: null },
      { $set: { owner: null, response } },
    );
    this.#end(keyHash, owner);
    hit('idempotency.afterComplete');
  }

  async release(keyHash: string, owner: string): Promise<void> {
    const claim = this.#end(keyHash, owner);
    try {
      await this.#context.collections.idempotencyKeys.updateOne(
        { _id: keyHash, owner, response: null },
        { $set: { owner: null } },
      );
    } catch (error) {
      if (claim !== undefined) void this.#takeBack(keyHash, owner, claim.claimedAt, claim.takeoverAfterMs);
      throw error;
    }
  }

  async deleteExpired(before: number): Promise<number> {
    const { deletedCount } = await this.#context.collections.idempotencyKeys.deleteMany({
      expiresAt: { $lt: before },
    });
    return deletedCount;
  }

  async #claim(
    { keyHash, fingerprint, resourceId, owner, takeoverAfterMs, expiresAt, now }: IdempotencyClaim,
    claimedAt: number,
  ): Promise<ClaimResult> {
    const { idempotencyKeys } = this.#context.collections;
    const takeover = takeoverAfterMs === undefined ? {} : { takeoverAfterMs };
    const fresh = { fingerprint, resourceId, owner, claimedAt, ...takeover, response: null, expiresAt };
    for (;;) {
      if (await insertedNew(idempotencyKeys.insertOne({ _id: keyHash, ...fresh }))) {
        return { state: 'claimed', resourceId };
      }
      // The conflicting claim may not be on a majority yet; our own write, if any, waits until it is.
      const earlier = await idempotencyKeys.findOne(
        { _id: keyHash },
        { ...bounded, readConcern: { level: 'local' } },
      );
      if (earlier === null) continue;
      if (earlier.expiresAt > now) {
        if (earlier.fingerprint !== fingerprint) return { state: 'mismatch' };
        if (earlier.response !== null) return { state: 'done', response: earlier.response };
        if (await this.#isInFlight(earlier, owner)) return { state: 'in_flight' };
        if (await this.#replace(earlier, { ...earlier, owner, claimedAt })) {
          return { state: 'claimed', resourceId: earlier.resourceId };
        }
      } else if (await this.#replace(earlier, { _id: keyHash, ...fresh })) {
        return { state: 'claimed', resourceId };
      }
      // Another claim was first: read it again.
    }
  }

  async #isInFlight(
    { owner, claimedAt, takeoverAfterMs = takeoverAfterMsDefault }: IdempotencyDoc,
    asker: string,
  ): Promise<boolean> {
    if (owner === null) return false;
    if (owner === asker) return this.#live.has(claimedAt);
    const { collections, wallNow } = this.#context;
    if (claimedAt < wallNow() - takeoverAfterMs) return false;
    return isProcessAlive(collections, owner, wallNow());
  }

  /** Releases one claim of this process, if it was made, as soon as possible. A later claim stays. */
  async #takeBack(
    keyHash: string,
    owner: string,
    claimedAt: number,
    takeoverAfterMs = takeoverAfterMsDefault,
  ): Promise<void> {
    for (let waitedMs = 0; waitedMs < takeoverAfterMs; waitedMs += releaseEveryMs) {
      await wait(releaseEveryMs, undefined, { ref: false });
      try {
        await this.#context.collections.idempotencyKeys.updateOne(
          { _id: keyHash, owner, claimedAt, response: null },
          { $set: { owner: null } },
        );
        return;
      } catch {
        // Retried; after that time, others see that the claim is old.
      }
    }
  }

  /** Marks a claim as no longer worked on by this process. Returns the claim, with its time. */
  #end(keyHash: string, owner: string) {
    const claim = this.#claimed.get(`${owner} ${keyHash}`);
    if (claim !== undefined) this.#live.delete(claim.claimedAt);
    this.#claimed.delete(`${owner} ${keyHash}`);
    return claim;
  }

  async #replace(earlier: IdempotencyDoc, next: IdempotencyDoc): Promise<boolean> {
    const { matchedCount } = await this.#context.collections.idempotencyKeys.replaceOne(earlier, next);
    return matchedCount === 1;
  }
}
