import type { DomainEvent } from '@twite/core/events/domain-event';
import type { Databases } from '../mongodb/databases.ts';
import { readRelayStatus } from './relay-status.ts';
import { readAgain } from './unreadable-changes.ts';

/** What administrators see of the relay, beside the queues of the broker. */
export interface ParkedChanges {
  /** Whether every deployment is relayed now. */
  isLed(): Promise<boolean>;
  /** The events to publish for a parked change, as its document stands now; undefined when it still cannot be read. */
  readAgain(text: string): Promise<readonly DomainEvent[] | undefined>;
}

export const parkedChangesOf = (
  databases: Pick<Databases, 'collections' | 'deployments'>,
): ParkedChanges => ({
  isLed: async () => (await readRelayStatus(databases)).leader !== null,
  readAgain: (text) => readAgain(databases.collections, text),
});
