import type { AccountRecord, AccountStore } from '../accounts/account-store.ts';
import { cachedPort } from './cached-port.ts';
import type { Caches, HandleOwner } from './caches.ts';
import { type Invalidation, popularKey } from './invalidation.ts';
import type { InvalidationBus } from './invalidation-bus.ts';

const changed = (accountId: string): readonly Invalidation[] => [
  ['accounts', accountId],
  ['popularAccounts', popularKey],
];

export function cachedAccountStore(
  source: AccountStore,
  { accounts, handles }: Pick<Caches, 'accounts' | 'handles'>,
  bus: InvalidationBus,
): AccountStore {
  const readMany = (accountIds: readonly string[]) => source.findMany(accountIds);
  const readOwners = async (handleKeys: readonly string[]): Promise<ReadonlyMap<string, HandleOwner>> => {
    const owners = await source.findManyByHandle(handleKeys);
    return new Map(
      owners.map(({ handle, accountId }) => [handle.toLowerCase(), Object.freeze({ accountId })]),
    );
  };
  const findMany = (accountIds: readonly string[]) => accounts.findMany(accountIds, readMany);

  return cachedPort(source, bus, {
    reads: {
      findMany,
      async findByHandle(handle) {
        const handleKey = handle.toLowerCase();
        const owner = handles.get(handleKey);
        if (owner) {
          const { accountId } = owner;
          return accounts.get(accountId) ?? (await findMany([accountId])).get(accountId);
        }
        // A handle never changes hands, so its cached owner never needs to be invalidated.
        let account: AccountRecord | undefined;
        const found = await handles.load(handleKey, async () => {
          account = await source.findByHandle(handle);
          return account && Object.freeze({ accountId: account.accountId });
        });
        if (found === undefined) return undefined;
        return (await findMany([found.accountId])).get(found.accountId) ?? account;
      },
      async findManyByHandle(named) {
        const handleKeys = new Set(named.map((handle) => handle.toLowerCase()));
        const owners = await handles.findMany([...handleKeys], readOwners);
        const accountIds = [...owners.values()].map(({ accountId }) => accountId);
        return [...(await findMany(accountIds)).values()];
      },
    },
    writes: {
      insert: ({ accountId }) => changed(accountId),
      update: changed,
      replacePicture: changed,
      setRole: changed,
      setSuspension: changed,
      markDeleted: changed,
      markPopular: changed,
    },
  });
}
