import type { BlockList } from '../blocks/block-list.ts';
import { cachedPort } from './cached-port.ts';
import type { Caches } from './caches.ts';
import { tag } from './invalidation.ts';
import type { InvalidationBus } from './invalidation-bus.ts';

export function cachedBlockList(
  source: BlockList,
  caches: Pick<Caches, 'hiddenFrom'>,
  bus: InvalidationBus,
): BlockList {
  const read = (accountId: string) => source.hiddenFrom(accountId);
  return cachedPort(source, bus, {
    reads: { hiddenFrom: (accountId) => caches.hiddenFrom.find(accountId, read) },
    writes: {
      add: (_edgeId, accountId, targetId) => [
        ['hiddenFrom', accountId],
        ['hiddenFrom', targetId],
      ],
      remove: (accountId, targetId) => [
        ['hiddenFrom', accountId],
        ['hiddenFrom', targetId],
      ],
      purgeByAccount: (accountId) => [['hiddenFrom', tag(accountId)]],
    },
  });
}
