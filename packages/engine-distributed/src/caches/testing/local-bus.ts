import type { Touch } from '../touch.ts';
import type { CacheListener, TouchBus } from '../touch-bus.ts';

/** A bus within one process. */
export class LocalBus implements TouchBus {
  readonly #listeners: CacheListener[] = [];
  readonly touched: Touch[] = [];
  isCoherent = true;

  async touch(touches: readonly Touch[]): Promise<void> {
    this.touched.push(...touches);
    for (const listener of this.#listeners) listener.forget(touches);
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
