import type { HashRequester } from '@twite/core/passwords/password-hasher';
import type { WaitingOrder } from '@twite/process/pool/process-pool';

type Place = HashRequester | undefined;

/** The half-life of recent hashing. */
const halfLifeMs = 60_000;
/** The number of remembered networks and handles; the least recently used one is evicted first. */
const keysMax = 20_000;

interface Weighted {
  readonly key: string;
  readonly weight: number;
}

/** A client's own address and the handle count fully, each larger network half as much as the one in it. */
function keysOf({ networks, handle }: HashRequester): readonly Weighted[] {
  const keys: Weighted[] = networks.map((network, index) => ({ key: network, weight: 0.5 ** index }));
  if (handle !== undefined) keys.push({ key: `@${handle}`, weight: 1 });
  return keys;
}

/** The weighted sum of an amount over the keys of a request. */
const weighted = (place: HashRequester, amountOf: (key: string) => number): number =>
  keysOf(place).reduce((sum, { key, weight }) => sum + weight * amountOf(key), 0);

/**
 * A fair order for passwords: those with the least recent hashing come first, counted by network and by handle. A flood
 * from one network, or at one handle, waits behind all others. Clients that were signed in before wait for no stranger.
 * When one too many waits, one of those that use the most of the queue is rejected.
 */
export function createFairOrder(now: () => number = () => performance.now()): WaitingOrder<Place> {
  const used = new Map<string, { readonly amount: number; readonly at: number }>();

  const usedBy = (key: string, at: number): number => {
    const entry = used.get(key);
    return entry === undefined ? 0 : entry.amount * 0.5 ** ((at - entry.at) / halfLifeMs);
  };

  const use = (place: HashRequester, at: number): void => {
    for (const { key } of keysOf(place)) {
      const amount = usedBy(key, at) + 1;
      used.delete(key);
      used.set(key, { amount, at });
    }
    for (const key of used.keys()) {
      if (used.size <= keysMax) break;
      used.delete(key);
    }
  };

  const loadOf = (place: Place, at: number): number => {
    if (place === undefined) return 0;
    if (place.isKnown) return -1;
    return weighted(place, (key) => usedBy(key, at));
  };

  return {
    next(waiting) {
      const at = now();
      let first = 0;
      let least = Number.POSITIVE_INFINITY;
      for (const [index, place] of waiting.entries()) {
        const load = loadOf(place, at);
        if (load >= least) continue;
        first = index;
        least = load;
      }
      const place = waiting[first];
      if (place !== undefined && !place.isKnown) use(place, at);
      return first;
    },
    refuse(waiting) {
      const at = now();
      const queued = new Map<string, number>();
      for (const place of waiting) {
        if (place === undefined) continue;
        for (const { key } of keysOf(place)) queued.set(key, (queued.get(key) ?? 0) + 1);
      }
      let last = waiting.length - 1;
      let most = Number.NEGATIVE_INFINITY;
      for (const [index, place] of waiting.entries()) {
        const taken =
          place === undefined || place.isKnown ? 0 : weighted(place, (key) => queued.get(key) ?? 0);
        const load = loadOf(place, at) + taken;
        if (load < most) continue;
        last = index;
        most = load;
      }
      return last;
    },
  };
}
