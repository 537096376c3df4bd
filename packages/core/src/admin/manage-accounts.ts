import { type AdminAccount, ContractError, type Page, type Role } from '@twite/contract';
import type { AccountRecord } from '../accounts/account-store.ts';
import { endSessionsAndTokens } from '../accounts/change-password.ts';
import { getUndeletedAccount } from '../accounts/get-account.ts';
import { presentAdminAccount } from '../accounts/present-account.ts';
import { roleRank } from '../accounts/role-rank.ts';
import type { Deps } from '../engine.ts';
import { fillPage, type PageRequest } from '../page.ts';
import type { Principal } from '../sessions/authenticate.ts';
import { type AuditDeps, writeAudit } from './audited.ts';
import { leaveAdmins } from './last-admin.ts';

type ManageDeps = AuditDeps & Pick<Deps, 'accounts' | 'sessions' | 'tokens' | 'passwordResets' | 'mediaUrl'>;

/** Moderators may act on users, admins on everyone. Throws `insufficient_role`. */
function requireAuthority(actor: AccountRecord, subject: AccountRecord): void {
  if (actor.role !== 'admin' && roleRank[subject.role] >= roleRank[actor.role])
    throw new ContractError('insufficient_role');
}

/**
 * Suspends an account. All of its sessions and tokens end permanently, and nothing of it is visible any more. Repeating
 * the call changes the reason.
 */
export async function suspendAccount(
  deps: ManageDeps,
  { account: actor }: Pick<Principal, 'account'>,
  accountId: string,
  reason: string | null,
): Promise<AdminAccount> {
  if (actor.accountId === accountId) throw new ContractError('self_action');
  const subject = await getUndeletedAccount(deps, accountId);
  requireAuthority(actor, subject);
  await leaveAdmins(
    deps,
    subject,
    () => deps.accounts.setSuspension(accountId, { at: deps.clock.now(), reason }),
    () => deps.accounts.setSuspension(accountId, null),
  );
  await endSessionsAndTokens(deps, accountId);
  await writeAudit(deps, actor.accountId, 'account_suspended', accountId, reason);
  return presentAdminAccount(deps, await getUndeletedAccount(deps, accountId));
}

/** Ends a suspension. Has no effect on an account that is not suspended. */
export async function reinstateAccount(
  deps: ManageDeps,
  { account: actor }: Pick<Principal, 'account'>,
  accountId: string,
): Promise<AdminAccount> {
  const subject = await getUndeletedAccount(deps, accountId);
  requireAuthority(actor, subject);
  if (subject.status === 'suspended') {
    await deps.accounts.setSuspension(accountId, null);
    await writeAudit(deps, actor.accountId, 'account_reinstated', accountId);
  }
  return presentAdminAccount(deps, await getUndeletedAccount(deps, accountId));
}

/**
 * Sets a role. `actorId` is null for the operator of the machine, who may appoint the first admin. Throws `last_admin`.
 */
export async function setRole(
  deps: ManageDeps,
  actorId: string | null,
  accountId: string,
  role: Role,
): Promise<AdminAccount> {
  const subject = await getUndeletedAccount(deps, accountId);
  if (subject.role !== role) {
    await leaveAdmins(
      deps,
      subject,
      () => deps.accounts.setRole(accountId, role),
      () => deps.accounts.setRole(accountId, subject.role),
    );
    // The reset was created for the old role, by someone who may not create one for the new role.
    await deps.passwordResets.deleteByAccount(accountId);
    await writeAudit(deps, actorId, 'role_set', accountId, role);
  }
  return presentAdminAccount(deps, await getUndeletedAccount(deps, accountId));
}

/** All accounts except deleted ones, newest first. */
export async function listAllAccounts(
  deps: Pick<Deps, 'accounts' | 'mediaUrl'>,
  page: PageRequest & { readonly status?: 'active' | 'suspended' | undefined },
): Promise<Page<AdminAccount>> {
  return fillPage(page, {
    fetch: (before, limit) => deps.accounts.list({ before, limit, status: page.status }),
    cursorOf: (account) => account.accountId,
    view: async (accounts) => accounts.map((account) => presentAdminAccount(deps, account)),
  });
}
