import type { Role } from '@twite/contract';
import type { PageBefore } from '../keyset.ts';
import type { MediaSnapshot } from '../media/media-record.ts';

export type AccountStatus = 'active' | 'suspended' | 'deleted';

/** An account as it is stored. Frozen; the same object as long as nothing in it changed, where an engine caches. */
export interface AccountRecord {
  readonly accountId: string;
  readonly handle: string;
  readonly displayName: string;
  readonly bio: string;
  /** With its square variants only. */
  readonly avatar: MediaSnapshot | null;
  readonly banner: MediaSnapshot | null;
  readonly role: Role;
  readonly status: AccountStatus;
  /** Counts the changes of handle, name, bio, avatar, banner, role and status, from 1: the version of what is derived from the account. */
  readonly rev: number;
  /** Milliseconds; null unless suspended. */
  readonly suspendedAt: number | null;
  readonly suspensionReason: string | null;
  /** Milliseconds. */
  readonly createdAt: number;
  /** Had more followers than the threshold once: its posts are merged on read, not pushed. Never unset (ADR 0006). */
  readonly popular: boolean;
  /** Active accounts that follow it. */
  readonly followerCount: number;
  /** Active accounts that it follows. */
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

/** What an account may change about itself; what is left out stays. */
export interface AccountChanges {
  readonly displayName?: string;
  readonly bio?: string;
  readonly avatar?: MediaSnapshot | null;
  readonly banner?: MediaSnapshot | null;
}

/** Source of truth for accounts and their password hashes. Emits accountCreated, accountUpdated, accountStatusChanged. */
export interface AccountStore {
  /** `exists`: this accountId is there already (a retry). `handle_taken`: another account has the handle, whatever its case. */
  insert(account: NewAccount): Promise<'inserted' | 'exists' | 'handle_taken'>;
  /** Accounts of any status; ids that are unknown are missing from the map. */
  findMany(accountIds: readonly string[]): Promise<ReadonlyMap<string, AccountRecord>>;
  /** Whatever the case of the handle; accounts of any status. */
  findByHandle(handle: string): Promise<AccountRecord | undefined>;
  /** Whatever the case of the handles; accounts of any status, each once, in any order. Unknown handles are left out. */
  findManyByHandle(handles: readonly string[]): Promise<readonly AccountRecord[]>;
  findPasswordHash(accountId: string): Promise<string | undefined>;
  setPasswordHash(accountId: string, passwordHash: string): Promise<void>;
  /** Changes the fields that are given. False when there is no such account. */
  update(accountId: string, changes: AccountChanges): Promise<boolean>;
  /** Replaces what it keeps of this medium; false when it shows another one, or none, by now. */
  replacePicture(
    accountId: string,
    kind: 'avatar' | 'banner',
    mediaId: string,
    snapshot: MediaSnapshot | null,
  ): Promise<boolean>;
  setRole(accountId: string, role: Role): Promise<boolean>;
  /**
   * Suspends or reinstates; a deleted account stays deleted (false). The counts of others that it is part of follow by
   * the job `settleAccount`.
   */
  setSuspension(
    accountId: string,
    suspension: { readonly at: number; readonly reason: string | null } | null,
  ): Promise<boolean>;
  /** Erases name, bio, avatar, banner and password hash and keeps a tombstone; the handle stays taken. */
  markDeleted(accountId: string): Promise<boolean>;
  markPopular(accountId: string): Promise<void>;
  /** Active accounts with the role admin. */
  countAdmins(): Promise<number>;
  /** Newest first, without deleted ones. */
  list(
    page: PageBefore & { readonly status?: 'active' | 'suspended' | undefined },
  ): Promise<readonly AccountRecord[]>;
}
