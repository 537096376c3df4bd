import type { Stats } from '@twite/contract';

/** Counts of what the instance holds. Large stores may return estimates, and say so in their documentation. */
export interface InstanceStats {
  count(): Promise<Stats>;
}
