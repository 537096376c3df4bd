import type { AdminAccount, Role } from '@twite/contract';
import { setRole } from '@twite/core/admin/set-role';
import { type OperatorInput, withAccount } from './operator-command.ts';

export interface GrantAdminInput extends OperatorInput {
  /** Defaults to `admin`. */
  readonly role?: Role;
}

/**
 * Gives an account a role: how an instance gets its first admin. Throws `OperatorError`, and `ContractError`
 * `last_admin` when it would remove the last admin.
 */
export const grantAdmin = ({ role = 'admin', ...input }: GrantAdminInput): Promise<AdminAccount> =>
  withAccount(input, (deps, { accountId }) => setRole(deps, null, accountId, role));
