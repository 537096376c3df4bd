import type { Invalidation } from '@twite/core/caching/invalidation';
import type { StatusesOf } from './counted.ts';
import type { Counts } from './counts.ts';
import type { Collections } from './databases.ts';

/** What the adapters on MongoDB work with. */
export interface MongoContext {
  readonly collections: Collections;
  readonly counts: Counts;
  readonly statusesOf: StatusesOf;
  /**
   * Milliseconds of this machine's wall clock, for tombstones, leases and the changes that rebuilds look for. Callers
   * pass all other times.
   */
  wallNow(): number;
  /** Called with the changes of a write, once it is durable and before its promise resolves. Never rejects. */
  invalidate(invalidations: readonly Invalidation[]): Promise<void>;
}
