import type { MuteList } from '../mutes/mute-list.ts';
import { cachedPort } from './cached-port.ts';
import type { Caches } from './caches.ts';
import { tag } from './invalidation.ts';
import type { InvalidationBus } from './invalidation-bus.ts';

export function cachedMuteList(
  source: MuteList,
  caches: Pick<Caches, 'mutedBy'>,
  bus: InvalidationBus,
): MuteList {
  const read = (accountId: string) => source.mutedBy(accountId);
  return cachedPort(source, bus, {
    reads: { mutedBy: (accountId) => caches.mutedBy.find(accountId, read) },
    writes: {
      add: (_edgeId, accountId) => [['mutedBy', accountId]],
      remove: (accountId) => [['mutedBy', accountId]],
      purgeByAccount: (accountId) => [['mutedBy', tag(accountId)]],
    },
  });
}
