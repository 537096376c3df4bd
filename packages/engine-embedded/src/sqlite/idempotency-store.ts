import type {
  ClaimResult,
  IdempotencyClaim,
  IdempotencyStore,
} from '@twite/core/idempotency/idempotency-store';
import type { Store } from './store.ts';

/** A claim of another owner is taken over at once: one process at a time serves a data folder, so the other is gone. */
export class SqliteIdempotencyStore implements IdempotencyStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  claim(claim: IdempotencyClaim): Promise<ClaimResult> {
    return this.#store.writer.run('claimKey', claim);
  }

  complete(keyHash: string, owner: string, response: string): Promise<void> {
    return this.#store.writer.run('completeKey', { keyHash, owner, response });
  }

  release(keyHash: string, owner: string): Promise<void> {
    return this.#store.writer.run('releaseKey', { keyHash, owner });
  }

  deleteExpired(before: number): Promise<number> {
    return this.#store.writer.run('deleteExpiredKeys', { before });
  }
}
