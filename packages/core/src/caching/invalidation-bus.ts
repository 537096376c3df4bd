import type { Invalidation } from './invalidation.ts';

/** Caches, as seen by the bus. */
export interface CacheListener {
  invalidate(invalidations: readonly Invalidation[]): void;
  /** Changes by others are not received: evict everything, and cache nothing until `resume`. */
  suspend(): void;
  /** From now on, every change is received. */
  resume(): void;
}

/**
 * Invalidates the cached values that a write may have changed: at once in this process, and soon after in the others.
 */
export interface InvalidationBus {
  /** Whether every change by another process is received; caches are bypassed while it is not. */
  readonly isCoherent: boolean;
  /**
   * Whether a value is invalidated in every process before its write resolves. Caches are then as good as the source, also
   * for what is derived from them and kept.
   */
  readonly isImmediate: boolean;
  /**
   * Await it between the write and its answer. Resolves when the others were notified, or when they could not be
   * notified in time, which is made up for later. Never rejects.
   */
  invalidate(invalidations: readonly Invalidation[]): Promise<void>;
  listen(listener: CacheListener): void;
}
