import { ContractError, type CreatedToken, invalidField, type Scope } from '@twite/contract';
import { confirmPassword } from '../accounts/confirm-password.ts';
import type { Deps } from '../engine.ts';
import type { Principal } from '../sessions/authenticate.ts';
import { hashSecret, newPersonalToken } from '../sessions/secrets.ts';
import { presentToken } from './present-token.ts';
import type { TokenRecord } from './token-store.ts';

export interface CreateTokenInput {
  readonly tokenId: string;
  readonly password: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt?: string | undefined;
}

/** Throws `too_many_tokens`. Expired tokens do not count, and are erased here. */
async function requireRoom(
  deps: Pick<Deps, 'tokens' | 'clock' | 'settings'>,
  accountId: string,
  tokenId: string,
): Promise<void> {
  const max = deps.settings.tokensPerAccountMax;
  const now = deps.clock.now();
  // A retry with the same id finds its earlier token, which needs no extra room.
  const others = await deps.tokens.listByAccount(accountId, { before: tokenId, limit: max });
  const ended = others.filter(({ expiresAt }) => expiresAt !== null && expiresAt <= now);
  if (others.length - ended.length >= max) throw new ContractError('too_many_tokens');
  await Promise.all(ended.map((token) => deps.tokens.delete(accountId, token.tokenId)));
}

/**
 * Creates a token, for a session whose account confirmed its password. Throws `session_required`, `wrong_password`,
 * `insufficient_role`, `too_many_tokens`, `invalid_input`, `invalid_token`, `overloaded`.
 */
export async function createToken(
  deps: Pick<Deps, 'accounts' | 'passwords' | 'sessions' | 'tokens' | 'clock' | 'settings'>,
  { account, sessionId }: Pick<Principal, 'account' | 'sessionId'>,
  input: CreateTokenInput,
): Promise<CreatedToken> {
  if (sessionId === undefined) throw new ContractError('session_required');
  const now = deps.clock.now();
  const { accountId } = account;
  if (input.scopes.includes('admin') && account.role === 'user') throw new ContractError('insufficient_role');
  const expiresAt = input.expiresAt === undefined ? null : Date.parse(input.expiresAt);
  if (expiresAt !== null && expiresAt <= now)
    throw invalidField('expiresAt', 'in_the_past', 'must be in the future');
  await confirmPassword(deps, accountId, input.password);
  await requireRoom(deps, accountId, input.tokenId);
  const secret = newPersonalToken();
  const token: TokenRecord = {
    tokenId: input.tokenId,
    accountId,
    name: input.name,
    scopes: [...new Set(input.scopes)],
    secretHash: hashSecret(secret),
    createdAt: now,
    expiresAt,
  };
  await deps.tokens.insert(token);
  // The request was authenticated before its body arrived: all sessions and tokens may have ended meanwhile.
  if (!(await deps.sessions.find(sessionId))) {
    await deps.tokens.delete(accountId, token.tokenId);
    throw new ContractError('invalid_token');
  }
  return { token: presentToken(token), secret };
}
