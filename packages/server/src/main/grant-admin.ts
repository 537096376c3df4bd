import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AdminAccount, Role } from '@twite/contract';
import { setRole } from '@twite/core/admin/manage-accounts';
import { defaultSettings } from '@twite/core/engine';
import { createIdGenerator } from '@twite/core/ids/ids';
import { OperatorError } from '@twite/process/operator-error';
import { openForOperator, systemClock } from './operator-engine.ts';

export interface GrantAdminInput {
  /** The data folder of the embedded engine. */
  readonly dataDir: string;
  readonly handle: string;
  /** `admin` by default. */
  readonly role?: Role;
}

/** Ids of the operator's commands, which may run beside the server: it is machine 0. */
const operatorMachine = 1023;

/**
 * Gives an account a role, on the machine that holds the data: how an instance gets its first admin. The server may be
 * running. Throws `OperatorError` when there is no database or no such account, `ContractError` `last_admin` when it
 * would take away the last admin.
 */
export async function grantAdmin({
  dataDir,
  handle,
  role = 'admin',
}: GrantAdminInput): Promise<AdminAccount> {
  const location = resolve(dataDir);
  if (!existsSync(join(location, 'twite.db'))) {
    throw new OperatorError(
      `there is no Twite database in ${location}: start the server once, or name another folder`,
    );
  }
  await using open = await openForOperator({
    location,
    clock: systemClock,
    settings: defaultSettings,
    exclusive: false,
  });
  const account = await open.engine.accounts.findByHandle(handle);
  if (!account || account.status === 'deleted') throw new OperatorError(`there is no account ${handle}`);
  const ids = createIdGenerator({ clock: systemClock, machine: operatorMachine });
  return await setRole({ ...open.engine, clock: systemClock, ids }, null, account.accountId, role);
}
