import type {
  ClaimResult,
  IdempotencyClaim,
  IdempotencyStore,
} from '@twite/core/idempotency/idempotency-store';
import type { Store } from './store.ts';
import { isStorageFull } from './writer.ts';

/** Keys beyond this number stay claimed until they expire. */
const UNRELEASED_MAX = 10_000;

/** Takes over the claim of another owner at once: one process at a time serves a data folder, so the other is gone. */
export class SqliteIdempotencyStore implements IdempotencyStore {
  readonly #store: Store;
  /**
   * Keys to release before they are claimed again, because there was no space to write the release. Values are owners,
   * oldest first.
   */
  readonly #unreleased = new Map<string, string>();

  constructor(store: Store) {
    this.#store = store;
  }

  async claim(claim: IdempotencyClaim): Promise<ClaimResult> {
    const owner = this.#unreleased.get(claim.keyHash);
    if (owner !== undefined) await this.release(claim.keyHash, owner);
    return this.#store.writer.run('claimKey', claim);
  }

  complete(keyHash: string, owner: string, response: string): Promise<void> {
    return this.#store.writer.run('completeKey', { keyHash, owner, response });
  }

  async release(keyHash: string, owner: string): Promise<void> {
    try {
      await this.#store.writer.run('releaseKey', { keyHash, owner });
      this.#unreleased.delete(keyHash);
    } catch (error) {
      if (isStorageFull(error)) this.#releaseLater(keyHash, owner);
      throw error;
    }
  }

  #releaseLater(keyHash: string, owner: string): void {
    this.#unreleased.set(keyHash, owner);
    if (this.#unreleased.size <= UNRELEASED_MAX) return;
    const [oldest] = this.#unreleased.keys();
    if (oldest !== undefined) this.#unreleased.delete(oldest);
  }

  deleteExpired(before: number): Promise<number> {
    return this.#store.writer.run('deleteExpiredKeys', { before });
  }
}
