import type { RelayStatus } from '@twite/core/admin/engine-status';
import type { Databases } from '../mongodb/databases.ts';
import { leaseTimes } from '../mongodb/epoch-lease.ts';
import { bounded } from '../mongodb/reads.ts';
import { relayIdOf } from './change-stream.ts';

/** Who relays, and how far behind; of several deployments, the worst. */
export async function readRelayStatus({
  collections,
  deployments,
}: Pick<Databases, 'collections' | 'deployments'>): Promise<RelayStatus> {
  // What databases that were moved apart since have left is of no interest.
  const relayIds = deployments.map(relayIdOf);
  const [docs, led] = await Promise.all([
    collections.relays.find({ _id: { $in: relayIds } }, { ...bounded, sort: { _id: 1 } }).toArray(),
    // By the clock of the database, as leases are.
    collections.relays
      .find(
        { _id: { $in: relayIds }, $expr: { $gt: ['$leasedUntil', '$$NOW'] } },
        { ...bounded, projection: { _id: 1 } },
      )
      .toArray(),
  ]);
  const ledIds = new Set(led.map(({ _id }) => _id));
  const now = Date.now();
  const states = docs.map(({ _id, holder, leasedUntil, relayedAt }) => {
    const isLed = holder !== null && ledIds.has(_id);
    // A leader that has nothing to do says so at each renewal; one that is gone falls behind with time.
    const asOf = isLed ? leasedUntil.getTime() - leaseTimes.leaseMs : now;
    return {
      leader: isLed ? holder : null,
      lagMs: relayedAt === undefined ? null : Math.max(0, asOf - relayedAt),
    };
  });
  const leaders = new Set(states.map(({ leader }) => leader));
  const lags = states.map(({ lagMs }) => lagMs);
  const isLed = states.length === relayIds.length && !leaders.has(null);
  const isKnown = states.length === relayIds.length && !lags.includes(null);
  return {
    leader: isLed ? [...leaders].join(', ') : null,
    lagMs: isKnown ? Math.max(...lags.map(Number)) : null,
  };
}
