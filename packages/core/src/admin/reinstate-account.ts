import type { AdminAccount } from '@twite/contract';
import { getUndeletedAccount } from '../accounts/get-existing-account.ts';
import { presentAdminAccount } from '../accounts/present-account.ts';
import type { Principal } from '../sessions/authenticate.ts';
import { writeAudit } from './audited.ts';
import { type ManageDeps, requireAuthority } from './require-authority.ts';

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
