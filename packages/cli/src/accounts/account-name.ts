import type { Account, Twite } from '@twite/sdk';
import { UsageError } from '../usage-error.ts';

/** Parses what people type for an account: @handle, handle or id. 19 digits are an id, unless preceded by an @. */
export function readAccountName(name: string): { readonly accountId: string } | { readonly handle: string } {
  if (/^[0-9]{19}$/.test(name)) return { accountId: name };
  const handle = name.replace(/^@/, '');
  if (!/^[A-Za-z0-9_]{1,30}$/.test(handle)) {
    throw new UsageError(`"${name}" is not an account. Use @handle, handle or an id of 19 digits.`);
  }
  return { handle };
}

export const getNamedAccount = (twite: Twite, name: string): Promise<Account> => {
  const named = readAccountName(name);
  return 'accountId' in named ? twite.accounts.get(named) : twite.accounts.getByHandle(named);
};

/** The id of an account. Asks the server only if the name is not an id. Calls `getAccountByHandle`. */
export async function findAccountId(twite: Twite, name: string): Promise<string> {
  const named = readAccountName(name);
  return 'accountId' in named ? named.accountId : (await twite.accounts.getByHandle(named)).accountId;
}

/** The id of an account, or your own. Calls `getAccountByHandle` or `getMe`. */
export const findAccountIdOrMine = async (twite: Twite, name: string | undefined): Promise<string> =>
  name === undefined ? (await twite.me.get()).accountId : findAccountId(twite, name);
