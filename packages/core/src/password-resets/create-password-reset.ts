import { ContractError, type PasswordReset } from '@twite/contract';
import { getUndeletedAccount } from '../accounts/get-existing-account.ts';
import { type AuditDeps, writeAudit } from '../admin/audited.ts';
import { isoTime } from '../clock.ts';
import type { Deps } from '../engine.ts';
import type { Principal } from '../sessions/authenticate.ts';
import { hashSecret, newResetSecret } from '../sessions/secrets.ts';

type ResetDeps = AuditDeps & Pick<Deps, 'accounts' | 'passwordResets' | 'settings'>;

/** The URL of the reset page. The token is in the fragment, which browsers do not send to servers. */
const linkOf = (publicUrl: string, token: string): string => `${publicUrl}/password-reset#token=${token}`;

/**
 * Creates a single-use password reset link, and invalidates the previous one. `actor` is null for the operator of the
 * machine, who alone may do this for an admin: otherwise one admin could act as another. Throws `account_not_found`,
 * `self_action`, `insufficient_role`.
 */
export async function createPasswordReset(
  deps: ResetDeps,
  actor: Principal['account'] | null,
  accountId: string,
  publicUrl: string,
): Promise<PasswordReset> {
  if (actor?.accountId === accountId) {
    throw new ContractError('self_action', {
      detail: 'To change your own password, use PUT /v1/me/password with the current one.',
    });
  }
  const subject = await getUndeletedAccount(deps, accountId);
  if (actor !== null && subject.role === 'admin') {
    throw new ContractError('insufficient_role', {
      detail: 'Only the operator can reset the password of an admin: `twite admin password HANDLE`.',
    });
  }
  const token = newResetSecret();
  const createdAt = deps.clock.now();
  const expiresAt = createdAt + deps.settings.passwordResetSeconds * 1000;
  await deps.passwordResets.put({ accountId, secretHash: hashSecret(token), createdAt, expiresAt });
  await writeAudit(deps, actor?.accountId ?? null, 'password_reset_created', accountId);
  return { token, url: linkOf(publicUrl, token), expiresAt: isoTime(expiresAt) };
}
