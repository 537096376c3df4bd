import type { Contract, OperationGroups } from '@twite/contract';
import type { OwnProcess } from '@twite/core/admin/compose-status';
import type { AskEngine } from '@twite/core/admin/get-status';
import type { Deps } from '@twite/core/engine';
import type { HashRequester } from '@twite/core/passwords/password-hasher';
import { clientKey, networksOf } from '@twite/core/rate-limits/client-address';
import type { Principal } from '@twite/core/sessions/authenticate';
import type { RequestContext, RouteHandler } from 'ts-rest-koa';
import type { HttpConfig } from '../http/http-config.ts';
import type { CountRequest } from '../http/rate-limits.ts';
import type { RequestState } from '../http/request-state.ts';

/** The context that handlers are created with. */
export interface RouteContext {
  readonly deps: Deps;
  readonly config: HttpConfig;
  /** Undefined when limits are off. */
  readonly countRequest: CountRequest | undefined;
  readonly engineStatus: AskEngine;
  readonly ownProcess: OwnProcess;
}

/** The routes of one group of the contract: omitting an operation does not compile. */
export type RoutesOf<Group extends keyof OperationGroups> = {
  readonly [Id in keyof OperationGroups[Group]]: Id extends keyof Contract
    ? RouteHandler<Contract[Id], RequestState>
    : never;
};

type StateOf = Pick<RequestContext<RequestState>, 'state'>;

/** The account of the viewer; undefined when signed out. */
export const viewerOf = ({ state }: StateOf): string | undefined => state.principal?.account.accountId;

/** The principal of an operation that requires an account. */
export function principalOf({ state }: StateOf): Principal {
  if (state.principal === undefined) throw new Error('The operation does not require an account');
  return state.principal;
}

/** The caller's account in an operation that requires one. */
export const accountIdOf = (ctx: StateOf): string => principalOf(ctx).account.accountId;

/** The id for a POST's new resource. */
export function resourceIdOf({ state }: StateOf): string {
  if (state.resourceId === undefined) throw new Error('Only a POST has a resource id');
  return state.resourceId;
}

const userAgentMax = 200;

/** As shown in the list of sessions. */
export const userAgentOf = ({ koa }: KoaOf): string | null =>
  koa.req.headers['user-agent']?.slice(0, userAgentMax) ?? null;

type KoaOf = Pick<RequestContext<RequestState>, 'koa'>;

/** The client's network, as rate limits count it. */
export const clientKeyOf = ({ koa }: KoaOf): string => clientKey(koa.ip);

/** The requester of a password hash. */
export const hashRequesterOf = (
  ctx: KoaOf,
  known: Pick<HashRequester, 'handle' | 'isKnown'> = { isKnown: false },
): HashRequester => ({ networks: networksOf(clientKeyOf(ctx)), ...known });
