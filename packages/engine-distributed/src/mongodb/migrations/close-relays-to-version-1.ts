import { closedToVersion1 } from '../../relay/leader-lease.ts';
import type { Migration } from './migration.ts';

/**
 * Relays of version 1 check no schema version. This takes the lead from the current leader and shows all of them a
 * lease that never ends: they stand by for good, and their saved places stay.
 */
export const closeRelaysToVersion1: Migration = {
  name: '0001-close-relays-to-version-1',
  stage: 'beforeServing',
  version: 2,
  async run({ databases }) {
    // One document per deployment, including former ones.
    await databases.collections.relays.updateMany({ leasedUntil: { $exists: false } }, [
      {
        $set: {
          ...closedToVersion1,
          holder: null,
          leasedUntil: new Date(0),
          epoch: { $add: ['$epoch', 1] },
          schemaVersion: 2,
        },
      },
    ]);
  },
};
