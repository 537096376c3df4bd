import type { Role } from '@twite/contract';
import type { PageBefore } from '../keyset.ts';
import type { MediaSnapshot } from '../media/media-record.ts';

export type AccountStatus = 'active' | 'suspended' | 'deleted';

/** A stored account. Frozen. Engines that cache return the same object until one of its fields changes. */
export interface AccountRecord {
  readonly accountId: string;
  readonly handle: string;
  readonly displayName: string;
  readonly bio: string;
  /** Has the square variants only. */
  readonly avatar: MediaSnapshot | null;
  readonly banner: MediaSnapshot | null;
  readonly role: Role;
  readonly status: AccountStatus;
  /**
   * Counts the changes of handle, name, bio, avatar, banner, role and status, from 1: the version of data derived from
   * the account.
   */
  readonly rev: number;
  /** Milliseconds; null unless suspended. */
  readonly suspendedAt: number | null;
  readonly suspensionReason: string | null;
  /** Milliseconds. */
  readonly createdAt: number;
  /**
   * Whether the account once had more followers than the threshold: its posts are merged on read, not pushed. Never
   * unset (ADR 0006).
   */
  readonly popular: boolean;
  /** The number of active followers. */
  readonly followerCount: number;
  /** The number of active accounts that it follows. */
  readonly followingCount: number;
  readonly publicPostCount: number;
  readonly followersPostCount: number;
}

export interface NewAccount {
  readonly accountId: string;
  readonly handle: string;
  readonly displayName: string;
  /** An argon2id string in PHC format. */
  readonly passwordHash: string;
  readonly createdAt: number;
}

/** The fields that an account may change about itself. Omitted fields stay as they are. */
export interface AccountChanges {
  readonly displayName?: string;
  readonly bio?: string;
  readonly avatar?: MediaSnapshot | null;
  readonly banner?: MediaSnapshot | null;
}

/**
 * Source of truth for accounts and their password hashes. Emits accountCreated, accountUpdated, accountStatusChanged.
 */
export interface AccountStore {
  /**
   * `exists`: the accountId already exists (a retry). `handle_taken`: another account has the handle, ignoring case.
   */
  insert(account: NewAccount): Promise<'inserted' | 'exists' | 'handle_taken'>;
  /** Returns accounts of any status. Unknown ids are missing from the map. */
  findMany(accountIds: readonly string[]): Promise<ReadonlyMap<string, AccountRecord>>;
  /** Ignores the case of the handle. Returns accounts of any status. */
  findByHandle(handle: string): Promise<AccountRecord | undefined>;
  /**
   * Ignores the case of the handles. Returns accounts of any status, each once, in any order. Omits unknown handles.
   */
  findManyByHandle(handles: readonly string[]): Promise<readonly AccountRecord[]>;
  findPasswordHash(accountId: string): Promise<string | undefined>;
  setPasswordHash(accountId: string, passwordHash: string): Promise<void>;
  /** Changes the given fields. Returns false when the account does not exist. */
  update(accountId: string, changes: AccountChanges): Promise<boolean>;
  /** Replaces the stored snapshot of this medium. Returns false when the account now shows another medium or none. */
  replacePicture(
    accountId: string,
    kind: 'avatar' | 'banner',
    mediaId: string,
    snapshot: MediaSnapshot | null,
  ): Promise<boolean>;
  setRole(accountId: string, role: Role): Promise<boolean>;
  /**
   * Suspends or reinstates. A deleted account stays deleted (false). The job `settleAccount` updates the counts of
   * others that include this account.
   */
  setSuspension(
    accountId: string,
    suspension: { readonly at: number; readonly reason: string | null } | null,
  ): Promise<boolean>;
  /** Erases name, bio, avatar, banner and password hash, and keeps a tombstone. The handle stays taken. */
  markDeleted(accountId: string): Promise<boolean>;
  markPopular(accountId: string): Promise<void>;
  /** Counts active accounts with the role admin. */
  countAdmins(): Promise<number>;
  /** Newest first. Omits deleted accounts. */
  list(
    page: PageBefore & { readonly status?: 'active' | 'suspended' | undefined },
  ): Promise<readonly AccountRecord[]>;
}
