import {
  ContractError,
  type CreatedToken,
  invalidField,
  type Page,
  type Scope,
  type Token,
} from '@twite/contract';
import { isoTime } from '../clock.ts';
import type { Deps, Engine } from '../engine.ts';
import { fillPage, type PageRequest } from '../page.ts';
import type { Principal } from '../sessions/authenticate.ts';
import { hashSecret, newPersonalToken } from '../sessions/secrets.ts';
import type { TokenRecord } from './token-store.ts';

const present = (token: TokenRecord): Token => ({
  tokenId: token.tokenId,
  name: token.name,
  scopes: [...token.scopes],
  createdAt: isoTime(token.createdAt),
  expiresAt: token.expiresAt === null ? null : isoTime(token.expiresAt),
});

export interface CreateTokenInput {
  readonly tokenId: string;
  readonly name: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt?: string | undefined;
}

/** Whether what was shown at the start of a request is still worth something, and until when a token is. */
async function findMaker(
  deps: Pick<Deps, 'sessions' | 'tokens'>,
  { sessionId, secretHash }: Principal,
): Promise<{ readonly expiresAt: number | null } | undefined> {
  if (sessionId === undefined) return deps.tokens.findBySecretHash(secretHash);
  return (await deps.sessions.find(sessionId)) && { expiresAt: null };
}

/**
 * Creates a token that can do no more than its maker, and for no longer where that is a token. Throws
 * `insufficient_scope`, `insufficient_role`, `invalid_input`, `invalid_token`.
 */
export async function createToken(
  deps: Pick<Deps, 'sessions' | 'tokens' | 'clock'>,
  principal: Principal,
  input: CreateTokenInput,
): Promise<CreatedToken> {
  const now = deps.clock.now();
  if (input.scopes.some((scope) => !principal.scopes.includes(scope))) {
    throw new ContractError('insufficient_scope', {
      detail: 'A token cannot create one with more scopes than it has itself.',
    });
  }
  if (input.scopes.includes('admin') && principal.account.role === 'user')
    throw new ContractError('insufficient_role');
  const maker = await findMaker(deps, principal);
  if (!maker) throw new ContractError('invalid_token');
  const asked = input.expiresAt === undefined ? null : Date.parse(input.expiresAt);
  if (asked !== null && asked <= now) throw invalidField('expiresAt', 'in_the_past', 'must be in the future');
  const expiresAt = maker.expiresAt === null ? asked : Math.min(asked ?? maker.expiresAt, maker.expiresAt);
  const secret = newPersonalToken();
  const token: TokenRecord = {
    tokenId: input.tokenId,
    accountId: principal.account.accountId,
    name: input.name,
    scopes: [...new Set(input.scopes)],
    secretHash: hashSecret(secret),
    createdAt: now,
    expiresAt,
  };
  await deps.tokens.insert(token);
  // The request was let in before its body came. Whoever ended all sessions and tokens meanwhile ended this one, too.
  if (!(await findMaker(deps, principal))) {
    await deps.tokens.delete(token.accountId, token.tokenId);
    throw new ContractError('invalid_token');
  }
  return { token: present(token), secret };
}

export async function listTokens(
  deps: Pick<Engine, 'tokens'>,
  accountId: string,
  page: PageRequest,
): Promise<Page<Token>> {
  return fillPage(page, {
    fetch: (before, limit) => deps.tokens.listByAccount(accountId, { before, limit }),
    cursorOf: (token) => token.tokenId,
    view: async (tokens) => tokens.map(present),
  });
}

/** Throws `token_not_found`. */
export async function deleteToken(
  deps: Pick<Engine, 'tokens'>,
  accountId: string,
  tokenId: string,
): Promise<void> {
  if (!(await deps.tokens.delete(accountId, tokenId))) throw new ContractError('token_not_found');
}
