import type { RelayStatus } from '@twite/core/admin/engine-status';
import type { Databases } from '../mongodb/databases.ts';
import { leaseTimes } from '../mongodb/epoch-lease.ts';
import { bounded } from '../mongodb/reads.ts';
import { relayIdOf } from './change-stream.ts';

/** Which process relays, and how far behind it is; for several deployments, the worst. */
export async function readRelayStatus({
  collections,
  deployments,
}: Pick<Databases, 'collections' | 'deployments'>): Promise<RelayStatus> {
  // Leftovers of databases that were split up since are ignored.
  const relayIds = deployments.map(relayIdOf);
  const [docs, led] = await Promise.all([
    collections.relays.find({ _id: { $in: relayIds } }, { ...bounded, sort: { _id: 1 } }).toArray(),
    // By the clock of the database, like leases.
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
    // An idle leader confirms this at each renewal; without a leader, the relay falls further behind over time.
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
