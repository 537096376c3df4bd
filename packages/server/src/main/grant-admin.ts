import type { AdminAccount, Role } from '@twite/contract';
import { setRole } from '@twite/core/admin/manage-accounts';
import { type OperatorInput, withAccount } from './operator-command.ts';

export interface GrantAdminInput extends OperatorInput {
  /** `admin` by default. */
  readonly role?: Role;
}

/**
 * Gives an account a role: how an instance gets its first admin. Throws `OperatorError`, and `ContractError` `last_admin`
 * when it would take away the last admin.
 */
export const grantAdmin = ({ role = 'admin', ...input }: GrantAdminInput): Promise<AdminAccount> =>
  withAccount(input, (deps, { accountId }) => setRole(deps, null, accountId, role));
