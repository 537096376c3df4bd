import { cachedStores } from '../cached-stores.ts';
import { type CachesOptions, createCaches, listenerOf } from '../caches.ts';
import { LocalBus } from './local-bus.ts';
import { createNaiveStores, type Gate, noData } from './naive-stores.ts';
import { anAccount } from './records.ts';

export const accountIds = ['a1', 'a2', 'a3'];

/** Two processes on the same stores, one of which evicts all the time, and the stores' actual content. */
export function twoProcesses(gate?: Gate) {
  const data = noData();
  for (const accountId of accountIds) data.accounts.set(accountId, anAccount(accountId));
  const bus = new LocalBus();
  const deaf = new LocalBus();
  deaf.isCoherent = false;
  const start = (options: CachesOptions) => {
    const caches = createCaches(options);
    bus.listen(listenerOf(caches));
    return cachedStores(createNaiveStores(data, bus, gate), caches, bus);
  };
  return {
    bus,
    one: start({ bytesMax: 1_000_000, isShared: true }),
    other: start({ bytesMax: 20_000, isShared: false }),
    stored: cachedStores(createNaiveStores(data, deaf), createCaches({ bytesMax: 1, isShared: false }), deaf),
  };
}
