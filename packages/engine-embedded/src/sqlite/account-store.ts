import { setImmediate } from 'node:timers/promises';
import type { Role } from '@twite/contract';
import type {
  AccountChanges,
  AccountRecord,
  AccountStatus,
  NewAccount,
} from '@twite/core/accounts/account-store';
import type { SourceAccountStore } from '@twite/core/caching/source-ports';
import type { PageBefore } from '@twite/core/keyset';
import type { MediaSnapshot } from '@twite/core/media/media-record';
import { aboveAllIds, type Store } from './store.ts';
import { parseSnapshot } from './stored-media.ts';

type AccountRow = Omit<AccountRecord, 'popular' | 'avatar' | 'banner'> & {
  readonly popular: 0 | 1;
  readonly avatar: string | null;
  readonly banner: string | null;
};

const columns = `account_id AS accountId, handle, display_name AS displayName, bio, avatar, banner, role, status, rev,
  suspended_at AS suspendedAt, suspension_reason AS suspensionReason, created_at AS createdAt, popular,
  follower_count AS followerCount, following_count AS followingCount, public_post_count AS publicPostCount,
  followers_post_count AS followersPostCount`;

// Yields to others between slices of this size.
const LOADS_AT_ONCE = 100;

export class SqliteAccountStore implements SourceAccountStore {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  insert(account: NewAccount): Promise<'inserted' | 'exists' | 'handle_taken'> {
    return this.#store.writer.run('insertAccount', account);
  }

  async findMany(accountIds: readonly string[]): Promise<ReadonlyMap<string, AccountRecord>> {
    const found = new Map<string, AccountRecord>();
    for (const [index, accountId] of accountIds.entries()) {
      if (index > 0 && index % LOADS_AT_ONCE === 0) await setImmediate();
      const account = this.#find(accountId);
      if (account !== undefined) found.set(accountId, account);
    }
    return found;
  }

  async findByHandle(handle: string): Promise<AccountRecord | undefined> {
    const row = this.#store.read.get<AccountRow>(
      `SELECT ${columns} FROM accounts WHERE handle_key = ?`,
      handle.toLowerCase(),
    );
    return row && toRecord(row);
  }

  async findManyByHandle(handles: readonly string[]): Promise<readonly AccountRecord[]> {
    if (handles.length === 0) return [];
    const accountIds = this.#store.read.column<string>(
      'SELECT account_id FROM accounts WHERE handle_key IN (SELECT value FROM json_each(?))',
      JSON.stringify(handles.map((handle) => handle.toLowerCase())),
    );
    return [...(await this.findMany(accountIds)).values()];
  }

  async findPasswordHash(accountId: string): Promise<string | undefined> {
    const row = this.#store.read.get<{ passwordHash: string | null }>(
      'SELECT password_hash AS passwordHash FROM accounts WHERE account_id = ?',
      accountId,
    );
    return row?.passwordHash ?? undefined;
  }

  setPasswordHash(accountId: string, passwordHash: string): Promise<void> {
    return this.#store.writer.run('setPasswordHash', { accountId, passwordHash });
  }

  update(accountId: string, changes: AccountChanges): Promise<boolean> {
    return this.#store.writer.run('updateAccount', { ...changes, accountId });
  }

  replacePicture(
    accountId: string,
    kind: 'avatar' | 'banner',
    mediaId: string,
    snapshot: MediaSnapshot | null,
  ): Promise<boolean> {
    return this.#store.writer.run('replacePicture', { accountId, kind, mediaId, snapshot });
  }

  setRole(accountId: string, role: Role): Promise<boolean> {
    return this.#store.writer.run('setRole', { accountId, role });
  }

  setSuspension(
    accountId: string,
    suspension: { readonly at: number; readonly reason: string | null } | null,
  ): Promise<boolean> {
    return this.#store.writer.run('setSuspension', { accountId, suspension });
  }

  markDeleted(accountId: string): Promise<boolean> {
    return this.#store.writer.run('markAccountDeleted', { accountId });
  }

  markPopular(accountId: string): Promise<void> {
    return this.#store.writer.run('markAccountPopular', { accountId });
  }

  async countAdmins(): Promise<number> {
    const row = this.#store.read.get<{ admins: number }>(
      `SELECT count(*) AS admins FROM accounts WHERE role = 'admin' AND status = 'active'`,
    );
    return row?.admins ?? 0;
  }

  async list({
    before = aboveAllIds,
    limit,
    status,
  }: PageBefore & { readonly status?: 'active' | 'suspended' | undefined }): Promise<
    readonly AccountRecord[]
  > {
    const rows =
      status === undefined
        ? this.#store.read.all<AccountRow>(
            `SELECT ${columns} FROM accounts WHERE account_id < ? AND status <> 'deleted'
             ORDER BY account_id DESC LIMIT ?`,
            before,
            limit,
          )
        : this.#store.read.all<AccountRow>(
            `SELECT ${columns} FROM accounts WHERE status = ? AND account_id < ? ORDER BY account_id DESC LIMIT ?`,
            status satisfies AccountStatus,
            before,
            limit,
          );
    return rows.map(toRecord);
  }

  async listPopularAccountIds(): Promise<readonly string[]> {
    return this.#store.read.column<string>('SELECT account_id FROM accounts WHERE popular = 1');
  }

  #find(accountId: string): AccountRecord | undefined {
    const row = this.#store.read.get<AccountRow>(
      `SELECT ${columns} FROM accounts WHERE account_id = ?`,
      accountId,
    );
    return row && toRecord(row);
  }
}

const toRecord = (row: AccountRow): AccountRecord =>
  Object.freeze({
    ...row,
    popular: row.popular === 1,
    avatar: parseSnapshot(row.avatar),
    banner: parseSnapshot(row.banner),
  });
