import type { Touch } from './touch.ts';

/** Caches, as the bus sees them. */
export interface CacheListener {
  forget(touches: readonly Touch[]): void;
  /** What others change is not heard: forget everything, and keep nothing until `resume`. */
  suspend(): void;
  /** From now on every change is heard. */
  resume(): void;
}

/** Tells caches what a write may have changed: those of this process at once, those of the others soon after. */
export interface TouchBus {
  /** Whether every change by another process is heard; caches are bypassed while it is not. */
  readonly isCoherent: boolean;
  /**
   * To be awaited between the write and its answer. Resolves when the others were told, or could not be in time: that is
   * then made up for. Never rejects.
   */
  touch(touches: readonly Touch[]): Promise<void>;
  listen(listener: CacheListener): void;
}
