import { everything, type Invalidation } from '@twite/core/caching/invalidation';
import type { CacheListener, InvalidationBus } from '@twite/core/caching/invalidation-bus';
import type { CommitListener } from './writer.ts';

/**
 * The bus of the caches. One process writes, and its writer reports what a write changed before the write resolves. A write
 * of another process, such as an operator's command, clears the caches.
 */
export interface CommitBus extends InvalidationBus, CommitListener {}

export function createCommitBus(): CommitBus {
  const listeners: CacheListener[] = [];
  const committed = (invalidations: readonly Invalidation[]) => {
    for (const listener of listeners) listener.invalidate(invalidations);
  };
  return {
    isCoherent: true,
    isImmediate: true,
    committed,
    foreignWrite: () => committed(everything),
    async invalidate(invalidations) {
      committed(invalidations);
    },
    listen(listener) {
      listeners.push(listener);
      listener.resume();
    },
  };
}
