import type { Invalidation } from '../invalidation.ts';
import type { CacheListener, InvalidationBus } from '../invalidation-bus.ts';

/** A bus within one process. */
export class LocalBus implements InvalidationBus {
  readonly #listeners: CacheListener[] = [];
  readonly invalidations: Invalidation[] = [];
  isCoherent = true;
  readonly isImmediate = false;

  async invalidate(invalidations: readonly Invalidation[]): Promise<void> {
    this.invalidations.push(...invalidations);
    for (const listener of this.#listeners) listener.invalidate(invalidations);
  }

  listen(listener: CacheListener): void {
    this.#listeners.push(listener);
    if (this.isCoherent) listener.resume();
  }

  setCoherent(isCoherent: boolean): void {
    this.isCoherent = isCoherent;
    for (const listener of this.#listeners) {
      if (isCoherent) listener.resume();
      else listener.suspend();
    }
  }
}
