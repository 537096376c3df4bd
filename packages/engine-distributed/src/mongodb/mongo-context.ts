import type { Touch } from '../caches/touch.ts';
import type { Counts } from './counts.ts';
import type { Collections } from './databases.ts';

/** What the adapters on MongoDB work with. */
export interface MongoContext {
  readonly collections: Collections;
  readonly counts: Counts;
  /** Milliseconds of this machine: of tombstones, leases and what rebuilds look for. Other times are given by callers. */
  wallNow(): number;
  /** Told what a write changed, once it is durable and before its promise resolves. Never rejects. */
  touched(touches: readonly Touch[]): Promise<void>;
}
