import type { AdminAccount, Role } from '@twite/contract';
import { getUndeletedAccount } from '../accounts/get-existing-account.ts';
import { presentAdminAccount } from '../accounts/present-account.ts';
import { writeAudit } from './audited.ts';
import { leaveAdmins } from './last-admin.ts';
import type { ManageDeps } from './require-authority.ts';

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
