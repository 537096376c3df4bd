import type { RelayStatus } from '@twite/core/admin/engine-status';
import type { Collections } from '../mongodb/databases.ts';
import { leaseTimes } from './leader-lease.ts';

/** Who relays, and how far behind; of several deployments, the worst. */
export async function readRelayStatus({ relays }: Pick<Collections, 'relays'>): Promise<RelayStatus> {
  const docs = await relays.find({}, { sort: { _id: 1 } }).toArray();
  const now = Date.now();
  const states = docs.map(({ leader, leaseExpiresAt, relayedAt }) => {
    const isLed = leader !== null && leaseExpiresAt.getTime() > now;
    // A leader that has nothing to do says so at each renewal; one that is gone falls behind with time.
    const asOf = isLed ? leaseExpiresAt.getTime() - leaseTimes.leaseMs : now;
    return {
      leader: isLed ? leader : null,
      lagMs: relayedAt === undefined ? null : Math.max(0, asOf - relayedAt),
    };
  });
  const leaders = new Set(states.map(({ leader }) => leader));
  const lags = states.map(({ lagMs }) => lagMs);
  const isLed = states.length > 0 && !leaders.has(null);
  const isKnown = states.length > 0 && !lags.includes(null);
  return {
    leader: isLed ? [...leaders].join(', ') : null,
    lagMs: isKnown ? Math.max(...lags.map(Number)) : null,
  };
}
