import { ContractError, type Scope } from '@twite/contract';
import type { AccountRecord } from '../accounts/account-store.ts';
import type { Deps } from '../engine.ts';
import { accessTokenPrefix, hashSecret, personalTokenPrefix } from './secrets.ts';

/** The caller of a request, and its permissions. */
export interface Principal {
  readonly account: AccountRecord;
  readonly scopes: readonly Scope[];
  /** Exactly one of the two is set. */
  readonly sessionId: string | undefined;
  readonly tokenId: string | undefined;
  /** The hash of the presented secret. */
  readonly secretHash: string;
}

const everyScope: readonly Scope[] = Object.freeze(['read', 'write', 'admin']);

/** Finds the owner of a bearer secret. Throws `invalid_token`, also when the account is suspended or gone. */
export async function authenticate(
  deps: Pick<Deps, 'sessions' | 'tokens' | 'accounts' | 'clock'>,
  secret: string,
): Promise<Principal> {
  const secretHash = hashSecret(secret);
  let accountId: string | undefined;
  let scopes = everyScope;
  let sessionId: string | undefined;
  let tokenId: string | undefined;
  if (secret.startsWith(accessTokenPrefix)) {
    const session = await deps.sessions.findByAccessHash(secretHash);
    if (session && session.accessExpiresAt > deps.clock.now()) ({ accountId, sessionId } = session);
  } else if (secret.startsWith(personalTokenPrefix)) {
    const token = await deps.tokens.findBySecretHash(secretHash);
    if (token && (token.expiresAt === null || token.expiresAt > deps.clock.now())) {
      ({ accountId, tokenId, scopes } = token);
    }
  }
  const account =
    accountId === undefined ? undefined : (await deps.accounts.findMany([accountId])).get(accountId);
  if (account?.status !== 'active') throw new ContractError('invalid_token');
  return { account, scopes, sessionId, tokenId, secretHash };
}
