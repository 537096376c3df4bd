import type {
  ClaimResult,
  IdempotencyClaim,
  IdempotencyStore,
} from '@twite/core/idempotency/idempotency-store';
import { hit } from '../failpoints.ts';
import type { IdempotencyDoc } from './documents.ts';
import { insertedNew } from './errors.ts';
import type { MongoContext } from './mongo-context.ts';
import { isProcessAlive } from './process-lease.ts';
import { bounded } from './reads.ts';

/** A claim in flight whose process has no lease any more is taken over, with the id that it gave. */
export class MongoIdempotencyStore implements IdempotencyStore {
  readonly #context: MongoContext;

  constructor(context: MongoContext) {
    this.#context = context;
  }

  async claim(claim: IdempotencyClaim): Promise<ClaimResult> {
    const { idempotencyKeys } = this.#context.collections;
    const { keyHash, fingerprint, resourceId, owner, expiresAt, now } = claim;
    const fresh = { fingerprint, resourceId, owner, response: null, expiresAt };
    for (;;) {
      if (await insertedNew(idempotencyKeys.insertOne({ _id: keyHash, ...fresh }))) {
        return { state: 'claimed', resourceId };
      }
      // What is in the way need not be on a majority yet; our own write, if we make one, waits until it is.
      const earlier = await idempotencyKeys.findOne(
        { _id: keyHash },
        { ...bounded, readConcern: { level: 'local' } },
      );
      if (earlier === null) continue;
      if (earlier.expiresAt > now) {
        if (earlier.fingerprint !== fingerprint) return { state: 'mismatch' };
        if (earlier.response !== null) return { state: 'done', response: earlier.response };
        if (earlier.owner === owner) return { state: 'in_flight' };
        if (earlier.owner !== null && (await this.#isAlive(earlier.owner))) return { state: 'in_flight' };
        if (await this.#replace(earlier, { ...earlier, owner })) {
          return { state: 'claimed', resourceId: earlier.resourceId };
        }
      } else if (await this.#replace(earlier, { _id: keyHash, ...fresh })) {
        return { state: 'claimed', resourceId };
      }
      // Another claim was first: what does it leave us?
    }
  }

  async complete(keyHash: string, owner: string, response: string): Promise<void> {
    hit('idempotency.beforeComplete');
    await this.#context.collections.idempotencyKeys.updateOne(
      { _id: keyHash, owner, response: null },
      { $set: { owner: null, response } },
    );
    hit('idempotency.afterComplete');
  }

  async release(keyHash: string, owner: string): Promise<void> {
    await this.#context.collections.idempotencyKeys.updateOne(
      { _id: keyHash, owner, response: null },
      { $set: { owner: null } },
    );
  }

  async deleteExpired(before: number): Promise<number> {
    const { deletedCount } = await this.#context.collections.idempotencyKeys.deleteMany({
      expiresAt: { $lt: before },
    });
    return deletedCount;
  }

  #isAlive(processId: string): Promise<boolean> {
    return isProcessAlive(this.#context.collections, processId, this.#context.wallNow());
  }

  async #replace(earlier: IdempotencyDoc, next: IdempotencyDoc): Promise<boolean> {
    const { matchedCount } = await this.#context.collections.idempotencyKeys.replaceOne(earlier, next);
    return matchedCount === 1;
  }
}
