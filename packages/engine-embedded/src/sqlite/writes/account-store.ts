import type { AccountChanges, AccountStatus, NewAccount } from '@twite/core/accounts/account-store';
import { popularKey } from '@twite/core/caching/invalidation';
import type { MediaSnapshot } from '@twite/core/media/media-record';
import type { WriteContext } from '../write-context.ts';

export function insertAccount(
  context: WriteContext,
  account: NewAccount,
): 'inserted' | 'exists' | 'handle_taken' {
  const { accountId, handle, displayName, passwordHash, createdAt } = account;
  if (statusOf(context, accountId) !== undefined) return 'exists';
  const inserted = context.run(
    `INSERT INTO accounts (account_id, handle, handle_key, display_name, password_hash, created_at)
     VALUES (?, ?, ?, ?, ?, ?) ON CONFLICT (handle_key) DO NOTHING`,
    accountId,
    handle,
    handle.toLowerCase(),
    displayName,
    passwordHash,
    createdAt,
  );
  if (inserted === 0) return 'handle_taken';
  context.emit({ type: 'accountCreated', accountId });
  return 'inserted';
}

export function setPasswordHash(
  context: WriteContext,
  { accountId, passwordHash }: { accountId: string; passwordHash: string },
): void {
  // Not on a tombstone: erased data stays erased.
  context.run(
    `UPDATE accounts SET password_hash = ? WHERE account_id = ? AND status <> 'deleted'`,
    passwordHash,
    accountId,
  );
}

export function updateAccount(
  context: WriteContext,
  { accountId, displayName, bio, avatar, banner }: { accountId: string } & AccountChanges,
): boolean {
  const changed = context.run(
    `UPDATE accounts SET display_name = coalesce(?, display_name), bio = coalesce(?, bio),
       avatar = iif(?, ?, avatar), banner = iif(?, ?, banner), rev = rev + 1
     WHERE account_id = ? AND status <> 'deleted'`,
    displayName ?? null,
    bio ?? null,
    avatar === undefined ? 0 : 1,
    avatar ? JSON.stringify(avatar) : null,
    banner === undefined ? 0 : 1,
    banner ? JSON.stringify(banner) : null,
    accountId,
  );
  return changed > 0 && updated(context, accountId);
}

export function replacePicture(
  context: WriteContext,
  picture: { accountId: string; kind: 'avatar' | 'banner'; mediaId: string; snapshot: MediaSnapshot | null },
): boolean {
  const { accountId, kind, mediaId, snapshot } = picture;
  const column = kind === 'avatar' ? 'avatar' : 'banner';
  const changed = context.run(
    `UPDATE accounts SET ${column} = ?, rev = rev + 1
     WHERE account_id = ? AND status <> 'deleted' AND ${column} ->> 'mediaId' = ?`,
    snapshot === null ? null : JSON.stringify(snapshot),
    accountId,
    mediaId,
  );
  return changed > 0 && updated(context, accountId);
}

export function setRole(
  context: WriteContext,
  { accountId, role }: { accountId: string; role: string },
): boolean {
  const changed = context.run(
    `UPDATE accounts SET role = ?, rev = rev + 1 WHERE account_id = ? AND status <> 'deleted'`,
    role,
    accountId,
  );
  return changed > 0 && updated(context, accountId);
}

export function setSuspension(
  context: WriteContext,
  { accountId, suspension }: { accountId: string; suspension: { at: number; reason: string | null } | null },
): boolean {
  const changed = context.run(
    `UPDATE accounts SET status = ?, suspended_at = ?, suspension_reason = ?, rev = rev + 1
     WHERE account_id = ? AND status <> 'deleted'`,
    suspension === null ? 'active' : 'suspended',
    suspension?.at ?? null,
    suspension?.reason ?? null,
    accountId,
  );
  return changed > 0 && statusChanged(context, accountId);
}

export function markAccountDeleted(context: WriteContext, { accountId }: { accountId: string }): boolean {
  const changed = context.run(
    `UPDATE accounts SET status = 'deleted', display_name = '', bio = '', avatar = NULL, banner = NULL,
       password_hash = NULL, suspended_at = NULL, suspension_reason = NULL, rev = rev + 1
     WHERE account_id = ? AND status <> 'deleted'`,
    accountId,
  );
  return changed > 0 && statusChanged(context, accountId);
}

export function markAccountPopular(context: WriteContext, { accountId }: { accountId: string }): void {
  const changed = context.run(
    'UPDATE accounts SET popular = 1 WHERE account_id = ? AND popular = 0',
    accountId,
  );
  if (changed === 0) return;
  context.invalidate('accounts', accountId);
  context.invalidate('popularAccounts', popularKey);
}

function statusOf(context: WriteContext, accountId: string): AccountStatus | undefined {
  return context.get<{ status: AccountStatus }>('SELECT status FROM accounts WHERE account_id = ?', accountId)
    ?.status;
}

function updated(context: WriteContext, accountId: string): true {
  context.emit({ type: 'accountUpdated', accountId });
  return true;
}

function statusChanged(context: WriteContext, accountId: string): true {
  context.emit({ type: 'accountStatusChanged', accountId });
  return true;
}
