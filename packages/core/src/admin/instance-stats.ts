import type { Stats } from '@twite/contract';

/** Counts of what the instance holds; may be estimates on large stores, and say so in their documentation. */
export interface InstanceStats {
  count(): Promise<Stats>;
}
