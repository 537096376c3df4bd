import type { PasswordResetRecord } from '@twite/core/password-resets/password-reset-store';
import type { WriteContext } from '../write-context.ts';

export function putPasswordReset(context: WriteContext, reset: PasswordResetRecord): void {
  context.run(
    `INSERT OR REPLACE INTO password_resets (account_id, secret_hash, created_at, expires_at)
     VALUES (?, ?, ?, ?)`,
    reset.accountId,
    reset.secretHash,
    reset.createdAt,
    reset.expiresAt,
  );
}

export const takePasswordReset = (context: WriteContext, { secretHash }: { secretHash: string }): boolean =>
  context.run('DELETE FROM password_resets WHERE secret_hash = ?', secretHash) > 0;

export function deletePasswordResetByAccount(
  context: WriteContext,
  { accountId }: { accountId: string },
): void {
  context.run('DELETE FROM password_resets WHERE account_id = ?', accountId);
}

export const deleteExpiredPasswordResets = (context: WriteContext, { before }: { before: number }): number =>
  context.run('DELETE FROM password_resets WHERE expires_at <= ?', before);
