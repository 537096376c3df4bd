import type { DomainEvent } from '@twite/core/events/domain-event';
import type { Databases } from '../mongodb/databases.ts';
import { readRelayStatus } from './relay-status.ts';
import { readAgain } from './unreadable-changes.ts';

/** The relay's part of the list of queues that administrators see. */
export interface ParkedChanges {
  /** Whether every deployment is being relayed now. */
  isLed(): Promise<boolean>;
  /**
   * The events to publish for a parked change, from the current state of its document; undefined when it still cannot
   * be read.
   */
  readAgain(text: string): Promise<readonly DomainEvent[] | undefined>;
}

export const parkedChangesOf = (
  databases: Pick<Databases, 'collections' | 'deployments'>,
): ParkedChanges => ({
  isLed: async () => (await readRelayStatus(databases)).leader !== null,
  readAgain: (text) => readAgain(databases.collections, text),
});
