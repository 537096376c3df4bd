import { ContractError, type SignedIn } from '@twite/contract';
import { presentMe } from '../accounts/present-account.ts';
import type { Deps } from '../engine.ts';
import type { HashRequester } from '../passwords/password-hasher.ts';
import { verifyPassword } from '../passwords/verify-password.ts';
import { type KnownDevice, makeDeviceToken } from './device-token.ts';
import { openSession } from './open-session.ts';

export interface CreateSessionInput {
  readonly handle: string;
  readonly password: string;
  readonly userAgent: string | null;
  /** The client, if it was signed in to this account before. */
  readonly device?: KnownDevice | undefined;
  readonly requester?: HashRequester | undefined;
}

/**
 * Signs in. An unknown handle costs and answers the same as a wrong password. Only the owner gets `account_suspended`.
 */
export async function createSession(
  deps: Pick<
    Deps,
    'accounts' | 'blocks' | 'follows' | 'sessions' | 'passwords' | 'clock' | 'ids' | 'settings' | 'mediaUrl'
  >,
  input: CreateSessionInput,
): Promise<SignedIn> {
  const account = await deps.accounts.findByHandle(input.handle);
  const exists = account !== undefined && account.status !== 'deleted';
  const passwordHash = exists ? await deps.accounts.findPasswordHash(account.accountId) : undefined;
  const right = await verifyPassword(deps, passwordHash, input.password, input.requester);
  if (!exists || !right || passwordHash === undefined) throw new ContractError('invalid_credentials');
  if (account.status === 'suspended') throw new ContractError('account_suspended');
  const session = await openSession(deps, account.accountId, input.userAgent);
  // Suspended, deleted or given another password meanwhile: the new session must not outlive the change.
  const now = (await deps.accounts.findMany([account.accountId])).get(account.accountId);
  if (
    now?.status !== 'active' ||
    (await deps.accounts.findPasswordHash(account.accountId)) !== passwordHash
  ) {
    await deps.sessions.delete(session.sessionId);
    throw new ContractError('invalid_credentials');
  }
  const deviceToken = makeDeviceToken(deps, account.accountId, passwordHash, input.device);
  return { account: await presentMe(deps, now), session, deviceToken };
}
