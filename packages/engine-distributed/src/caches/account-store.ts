import type { Role } from '@twite/contract';
import type {
  AccountChanges,
  AccountRecord,
  AccountStore,
  NewAccount,
} from '@twite/core/accounts/account-store';
import type { PageBefore } from '@twite/core/keyset';
import type { MediaSnapshot } from '@twite/core/media/media-record';
import { type Caches, type HandleOwner, popularKey } from './caches.ts';
import { findCached } from './find-cached.ts';
import type { InnerAccountStore } from './inner-ports.ts';
import { invalidateOnError } from './invalidate-on-error.ts';
import type { InvalidationBus } from './invalidation-bus.ts';

export class CachedAccountStore implements AccountStore {
  readonly #inner: InnerAccountStore;
  readonly #caches: Caches;
  readonly #bus: InvalidationBus;
  readonly #readMany = (accountIds: readonly string[]) => this.#inner.findMany(accountIds);
  readonly #readOwners = async (handleKeys: readonly string[]): Promise<ReadonlyMap<string, HandleOwner>> => {
    const owners = await this.#inner.findManyByHandle(handleKeys);
    return new Map(
      owners.map(({ handle, accountId }) => [handle.toLowerCase(), Object.freeze({ accountId })]),
    );
  };

  constructor(inner: InnerAccountStore, caches: Caches, bus: InvalidationBus) {
    this.#inner = inner;
    this.#caches = caches;
    this.#bus = bus;
  }

  insert(account: NewAccount): Promise<'inserted' | 'exists' | 'handle_taken'> {
    return this.#written(account.accountId, this.#inner.insert(account));
  }

  findMany(accountIds: readonly string[]): Promise<ReadonlyMap<string, AccountRecord>> {
    return findCached(this.#caches.accounts, accountIds, this.#readMany);
  }

  async findByHandle(handle: string): Promise<AccountRecord | undefined> {
    const { accounts, handles } = this.#caches;
    const handleKey = handle.toLowerCase();
    const owner = handles.get(handleKey);
    if (owner) {
      const { accountId } = owner;
      return accounts.get(accountId) ?? (await this.findMany([accountId])).get(accountId);
    }
    // A handle never changes hands, so its cached owner never needs to be invalidated.
    let account: AccountRecord | undefined;
    const found = await handles.load(handleKey, async () => {
      account = await this.#inner.findByHandle(handle);
      return account && Object.freeze({ accountId: account.accountId });
    });
    if (found === undefined) return undefined;
    return (await this.findMany([found.accountId])).get(found.accountId) ?? account;
  }

  async findManyByHandle(handles: readonly string[]): Promise<readonly AccountRecord[]> {
    const handleKeys = new Set(handles.map((handle) => handle.toLowerCase()));
    const owners = await findCached(this.#caches.handles, [...handleKeys], this.#readOwners);
    const accountIds = [...owners.values()].map(({ accountId }) => accountId);
    return [...(await this.findMany(accountIds)).values()];
  }

  findPasswordHash(accountId: string): Promise<string | undefined> {
    return this.#inner.findPasswordHash(accountId);
  }

  setPasswordHash(accountId: string, passwordHash: string): Promise<void> {
    return this.#inner.setPasswordHash(accountId, passwordHash);
  }

  update(accountId: string, changes: AccountChanges): Promise<boolean> {
    return this.#written(accountId, this.#inner.update(accountId, changes));
  }

  replacePicture(
    accountId: string,
    kind: 'avatar' | 'banner',
    mediaId: string,
    snapshot: MediaSnapshot | null,
  ): Promise<boolean> {
    return this.#written(accountId, this.#inner.replacePicture(accountId, kind, mediaId, snapshot));
  }

  setRole(accountId: string, role: Role): Promise<boolean> {
    return this.#written(accountId, this.#inner.setRole(accountId, role));
  }

  setSuspension(
    accountId: string,
    suspension: { readonly at: number; readonly reason: string | null } | null,
  ): Promise<boolean> {
    return this.#written(accountId, this.#inner.setSuspension(accountId, suspension));
  }

  markDeleted(accountId: string): Promise<boolean> {
    return this.#written(accountId, this.#inner.markDeleted(accountId));
  }

  markPopular(accountId: string): Promise<void> {
    return this.#written(accountId, this.#inner.markPopular(accountId));
  }

  countAdmins(): Promise<number> {
    return this.#inner.countAdmins();
  }

  async list(
    page: PageBefore & { readonly status?: 'active' | 'suspended' | undefined },
  ): Promise<readonly AccountRecord[]> {
    return this.#inner.list(page);
  }

  #written<T>(accountId: string, write: Promise<T>): Promise<T> {
    return invalidateOnError(this.#bus, write, () => [
      ['accounts', accountId],
      ['popularAccounts', popularKey],
    ]);
  }
}
