import type { Invalidation } from './invalidation.ts';
import type { InvalidationBus } from './invalidation-bus.ts';

/** Invalidates everything that a failed write may have changed: its outcome is unknown. */
export async function invalidateOnError<T>(
  bus: InvalidationBus,
  write: Promise<T>,
  invalidations: () => readonly Invalidation[],
): Promise<T> {
  try {
    return await write;
  } catch (error) {
    await bus.invalidate(invalidations());
    throw error;
  }
}
