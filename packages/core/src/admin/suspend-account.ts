import { type AdminAccount, ContractError } from '@twite/contract';
import { getUndeletedAccount } from '../accounts/get-existing-account.ts';
import { presentAdminAccount } from '../accounts/present-account.ts';
import type { Principal } from '../sessions/authenticate.ts';
import { endSessionsAndTokens } from '../sessions/end-sessions-and-tokens.ts';
import { writeAudit } from './audited.ts';
import { leaveAdmins } from './last-admin.ts';
import { type ManageDeps, requireAuthority } from './require-authority.ts';

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
