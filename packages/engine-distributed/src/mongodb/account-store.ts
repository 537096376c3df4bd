import type { Role } from '@twite/contract';
import type {
  AccountChanges,
  AccountRecord,
  AccountStatus,
  AccountStore,
  NewAccount,
} from '@twite/core/accounts/account-store';
import type { EventType } from '@twite/core/events/event-catalogue';
import type { PageBefore } from '@twite/core/keyset';
import type { MediaSnapshot } from '@twite/core/media/media-record';
import { currentTrace } from '@twite/core/trace';
import type { Filter } from 'mongodb';
import { createBatching } from '../batching.ts';
import { deepFreeze } from '../deep-freeze.ts';
import { hit } from '../failpoints.ts';
import { changing } from './change.ts';
import type { AccountDoc } from './documents.ts';
import { duplicateField } from './errors.ts';
import type { MongoContext } from './mongo-context.ts';
import { aboveAllIds, bounded, findInChunks, readsAtOnce } from './reads.ts';

const projection = {
  handle: 1,
  displayName: 1,
  bio: 1,
  avatar: 1,
  banner: 1,
  role: 1,
  status: 1,
  rev: 1,
  suspendedAt: 1,
  suspensionReason: 1,
  createdAt: 1,
  popular: 1,
  followerCount: 1,
  followingCount: 1,
  publicPostCount: 1,
  followersPostCount: 1,
} as const satisfies { readonly [F in keyof Omit<AccountRecord, 'accountId'>]: 1 };

type AccountFields = Pick<AccountDoc, '_id' | keyof typeof projection>;

export class MongoAccountStore implements AccountStore {
  readonly #context: MongoContext;

  /** Concurrent reads share their queries. */
  readonly #found = createBatching<AccountRecord>(
    async (accountIds) => {
      const found = await findInChunks(accountIds, (some) =>
        this.#context.collections.accounts
          .find<AccountFields>({ _id: { $in: some } }, { ...bounded, projection })
          .toArray(),
      );
      return new Map(found.map((document) => [document._id, toRecord(document)]));
    },
    { concurrency: readsAtOnce },
  );

  constructor(context: MongoContext) {
    this.#context = context;
  }

  async insert(account: NewAccount): Promise<'inserted' | 'exists' | 'handle_taken'> {
    const { accountId, handle, displayName, passwordHash, createdAt } = account;
    const { accounts } = this.#context.collections;
    const handleKey = handle.toLowerCase();
    try {
      await accounts.insertOne({
        _id: accountId,
        handle,
        handleKey,
        displayName,
        bio: '',
        avatar: null,
        banner: null,
        role: 'user',
        status: 'active',
        suspendedAt: null,
        suspensionReason: null,
        passwordHash,
        createdAt,
        popular: false,
        followerCount: 0,
        followerCountRev: 0,
        followingCount: 0,
        followingCountRev: 0,
        publicPostCount: 0,
        publicPostCountRev: 0,
        followersPostCount: 0,
        followersPostCountRev: 0,
        rev: 1,
        updatedAt: this.#context.wallNow(),
        trace: currentTrace(),
      });
    } catch (error) {
      const field = duplicateField(error);
      if (field === undefined) throw error;
      if (field === '_id') return 'exists';
      // On a retry, MongoDB may report the conflict of the handle first. The document may not be on a majority yet.
      const same = await accounts.findOne(
        { _id: accountId },
        { ...bounded, projection: { _id: 1 }, readConcern: { level: 'local' } },
      );
      return same === null ? 'handle_taken' : 'exists';
    }
    await this.#context.invalidate([
      ['accounts', accountId],
      ['handles', handleKey],
    ]);
    return 'inserted';
  }

  async findMany(accountIds: readonly string[]): Promise<ReadonlyMap<string, AccountRecord>> {
    return this.#found(accountIds);
  }

  async findByHandle(handle: string): Promise<AccountRecord | undefined> {
    const document = await this.#context.collections.accounts.findOne<AccountFields>(
      { handleKey: handle.toLowerCase() },
      { ...bounded, projection },
    );
    return document === null ? undefined : toRecord(document);
  }

  async findManyByHandle(handles: readonly string[]): Promise<readonly AccountRecord[]> {
    const handleKeys = handles.map((handle) => handle.toLowerCase());
    const found = await findInChunks(handleKeys, (some) =>
      this.#context.collections.accounts
        .find<AccountFields>({ handleKey: { $in: some } }, { ...bounded, projection })
        .toArray(),
    );
    return found.map(toRecord);
  }

  async findPasswordHash(accountId: string): Promise<string | undefined> {
    const document = await this.#context.collections.accounts.findOne(
      { _id: accountId },
      { ...bounded, projection: { passwordHash: 1 } },
    );
    return document?.passwordHash;
  }

  async setPasswordHash(accountId: string, passwordHash: string): Promise<void> {
    // Not on a tombstone: erased data stays erased.
    await this.#context.collections.accounts.updateOne(
      { _id: accountId, status: { $ne: 'deleted' } },
      { $set: { passwordHash } },
    );
  }

  update(accountId: string, { displayName, bio, avatar, banner }: AccountChanges): Promise<boolean> {
    return this.#change('accountUpdated', accountId, { displayName, bio, avatar, banner });
  }

  replacePicture(
    accountId: string,
    kind: 'avatar' | 'banner',
    mediaId: string,
    snapshot: MediaSnapshot | null,
  ): Promise<boolean> {
    return this.#change(
      'accountUpdated',
      accountId,
      { [kind]: snapshot },
      { where: { [`${kind}.mediaId`]: mediaId } },
    );
  }

  setRole(accountId: string, role: Role): Promise<boolean> {
    return this.#change('accountUpdated', accountId, { role });
  }

  setSuspension(
    accountId: string,
    suspension: { readonly at: number; readonly reason: string | null } | null,
  ): Promise<boolean> {
    return this.#change('accountStatusChanged', accountId, {
      status: suspension === null ? 'active' : 'suspended',
      suspendedAt: suspension?.at ?? null,
      suspensionReason: suspension?.reason ?? null,
    });
  }

  markDeleted(accountId: string): Promise<boolean> {
    const erased = {
      status: 'deleted' as const,
      displayName: '',
      bio: '',
      avatar: null,
      banner: null,
      suspendedAt: null,
      suspensionReason: null,
    };
    return this.#change('accountStatusChanged', accountId, erased, { unset: ['passwordHash'] });
  }

  async markPopular(accountId: string): Promise<void> {
    const { modifiedCount } = await this.#context.collections.accounts.updateOne(
      { _id: accountId, popular: false },
      { $set: { popular: true } },
    );
    if (modifiedCount === 0) return;
    await this.#context.invalidate([
      ['accounts', accountId],
      ['popularAccounts', '*'],
    ]);
  }

  countAdmins(): Promise<number> {
    return this.#context.collections.accounts.countDocuments({ role: 'admin', status: 'active' }, bounded);
  }

  async list({
    before = aboveAllIds,
    limit,
    status,
  }: PageBefore & { readonly status?: 'active' | 'suspended' | undefined }): Promise<
    readonly AccountRecord[]
  > {
    const statuses: AccountStatus[] = status === undefined ? ['active', 'suspended'] : [status];
    const found = await this.#context.collections.accounts
      .find<AccountFields>({ status: { $in: statuses }, _id: { $lt: before } }, { ...bounded, projection })
      .sort({ _id: -1 })
      .limit(limit)
      .toArray();
    return found.map(toRecord);
  }

  /** Every account that is marked popular; they are few, even on a large instance. */
  async listPopularAccountIds(): Promise<readonly string[]> {
    const found = await this.#context.collections.accounts
      .find({ popular: true }, { ...bounded, projection: { _id: 1 } })
      .toArray();
    return found.map(({ _id }) => _id);
  }

  async #change(
    type: EventType,
    accountId: string,
    changes: { readonly [F in keyof AccountDoc]?: AccountDoc[F] | undefined },
    {
      unset = [],
      where = {},
    }: { readonly unset?: readonly (keyof AccountDoc)[]; readonly where?: Filter<AccountDoc> } = {},
  ): Promise<boolean> {
    const { matchedCount } = await this.#context.collections.accounts.updateOne(
      { ...where, _id: accountId, status: { $ne: 'deleted' } },
      changing(type, { set: { ...changes, updatedAt: this.#context.wallNow() }, unset }),
    );
    if (matchedCount === 0) return false;
    hit('accounts.afterChange');
    await this.#context.invalidate([['accounts', accountId]]);
    return true;
  }
}

const toRecord = ({ _id, avatar = null, banner = null, ...fields }: AccountFields): AccountRecord =>
  Object.freeze({ accountId: _id, ...fields, avatar: deepFreeze(avatar), banner: deepFreeze(banner) });
