import { ContractError, type OperationMetadata } from '@twite/contract';
import { roleRank } from '@twite/core/accounts/role-rank';
import type { Deps } from '@twite/core/engine';
import { clientKey } from '@twite/core/rate-limits/client-address';
import { authenticate, type Principal } from '@twite/core/sessions/authenticate';
import type { AfterBodyHook, BeforeBodyHook } from 'ts-rest-koa';
import type { CountRequest } from './rate-limits.ts';
import type { RequestState } from './request-state.ts';

type AccessDeps = Pick<Deps, 'sessions' | 'tokens' | 'accounts' | 'clock'>;

const bearer = /^Bearer +([\x21-\x7e]+) *$/i;

/** The principal of an Authorization header; undefined without a header. Throws `invalid_token`. */
async function principalOf(deps: AccessDeps, header: string | undefined): Promise<Principal | undefined> {
  if (header === undefined) return undefined;
  const secret = bearer.exec(header)?.[1];
  if (secret === undefined) throw new ContractError('invalid_token');
  return authenticate(deps, secret);
}

function requireAccess(
  { auth, scope, role, sessionOnly }: OperationMetadata,
  principal: Principal | undefined,
): void {
  if (principal === undefined) {
    if (auth === 'required') throw new ContractError('unauthenticated');
    return;
  }
  if (sessionOnly && principal.sessionId === undefined) throw new ContractError('session_required');
  if (!principal.scopes.includes(scope)) throw new ContractError('insufficient_scope');
  if (roleRank[principal.account.role] < roleRank[role]) throw new ContractError('insufficient_role');
}

/**
 * Checks an operation's metadata before a byte of the body is read: authentication, rate limits, rights. Bad tokens are
 * counted before they are refused, so that guessing is limited too.
 */
export function makeAccessHook(
  deps: AccessDeps,
  metadata: OperationMetadata,
  countRequest: CountRequest | undefined,
): BeforeBodyHook<RequestState, OperationMetadata> {
  const { auth, rateLimit } = metadata;
  return async ({ koa, state }) => {
    const { authorization } = koa.req.headers;
    let refusal: unknown;
    if (auth !== 'none' && authorization !== undefined) {
      try {
        const principal = await principalOf(deps, authorization);
        if (principal !== undefined) state.principal = principal;
      } catch (error) {
        refusal = error;
      }
    }
    if (countRequest !== undefined) {
      const account = state.principal?.account.accountId;
      const subject = {
        address: clientKey(koa.ip),
        account,
        // Guessing at the password while signed in is limited as tightly as guessing from one network.
        device: rateLimit === 'signIn' ? account : undefined,
      };
      await countRequest(rateLimit, subject, state, koa.res);
    }
    if (refusal !== undefined) throw refusal;
    if (auth !== 'none') requireAccess(metadata, state.principal);
  };
}

/**
 * Checks the rights again once an awaited body has arrived: the session or token may have ended meanwhile, and the
 * account may have been suspended or lost its role. The handler sees the current account.
 */
export function makeRightsCheck(
  deps: AccessDeps,
  metadata: OperationMetadata,
): AfterBodyHook<RequestState, OperationMetadata> {
  return async ({ koa, state }) => {
    if (state.principal === undefined) return;
    const principal = await principalOf(deps, koa.req.headers.authorization);
    requireAccess(metadata, principal);
    if (principal !== undefined) state.principal = principal;
  };
}
