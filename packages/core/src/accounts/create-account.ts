import { ContractError, type SignedIn } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { rejectCommonPassword } from '../passwords/common-passwords.ts';
import type { HashRequester } from '../passwords/password-hasher.ts';
import { makeDeviceToken } from '../sessions/device-token.ts';
import { openSession } from '../sessions/open-session.ts';
import { getActiveAccount } from './get-existing-account.ts';
import { presentMe } from './present-account.ts';
import { isReservedHandle } from './reserved-handles.ts';

export interface CreateAccountInput {
  /** A retry passes the same id: the account is then found instead of created. */
  readonly accountId: string;
  readonly handle: string;
  readonly password: string;
  readonly displayName?: string | undefined;
  readonly userAgent: string | null;
  readonly requester?: HashRequester | undefined;
}

/** Creates an account and signs it in. Throws `handle_reserved`, `handle_taken`, `invalid_input`, `overloaded`. */
export async function createAccount(
  deps: Pick<
    Deps,
    'accounts' | 'blocks' | 'follows' | 'sessions' | 'passwords' | 'clock' | 'ids' | 'settings' | 'mediaUrl'
  >,
  input: CreateAccountInput,
): Promise<SignedIn> {
  if (isReservedHandle(deps.settings, input.handle)) throw new ContractError('handle_reserved');
  rejectCommonPassword('password', input.password, input.handle);
  // An early check, to save the cost of the hash. The insert decides.
  const holder = await deps.accounts.findByHandle(input.handle);
  if (holder && holder.accountId !== input.accountId) throw new ContractError('handle_taken');
  const passwordHash = await deps.passwords.hash(input.password, input.requester);
  const result = await deps.accounts.insert({
    accountId: input.accountId,
    handle: input.handle,
    displayName: input.displayName ?? input.handle,
    passwordHash,
    createdAt: deps.clock.now(),
  });
  if (result === 'handle_taken') throw new ContractError('handle_taken');
  const account = await getActiveAccount(deps, input.accountId);
  return {
    account: await presentMe(deps, account),
    session: await openSession(deps, account.accountId, input.userAgent),
    deviceToken: makeDeviceToken(deps, account.accountId, passwordHash),
  };
}
