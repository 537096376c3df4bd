import { ContractError, type RateLimitPolicyName } from '@twite/contract';
import type { Engine } from '../engine.ts';
import { siteKey } from './client-address.ts';
import type { RateCheck, RateState } from './rate-limiter.ts';

export interface RateLimit {
  readonly limit: number;
  readonly windowSeconds: number;
}

/** The limits of one policy; null where it does not apply. */
export interface RateLimitPolicy {
  readonly perAccount: RateLimit | null;
  /** For each IPv4 address and IPv6 /64. An IPv6 /48 has `siteFactor` times as much. */
  readonly perAddress: RateLimit | null;
  /** For each account and each network that asks for it, or for each device that is known to the account. */
  readonly perAccountAndAddress?: RateLimit | null;
}

/** How many times the limit of an IPv6 /64 its /48 has: one site may have 65,536 of them. */
export const siteFactor = 4;

export type RateLimitPolicies = Readonly<Record<RateLimitPolicyName, RateLimitPolicy>>;

const perMinute = (limit: number): RateLimit => ({ limit, windowSeconds: 60 });

/** Generous to people, tight for scripts that guess or flood. All of it is configuration. */
export const defaultRateLimits: RateLimitPolicies = Object.freeze({
  read: { perAccount: perMinute(1_200), perAddress: perMinute(6_000) },
  search: { perAccount: perMinute(120), perAddress: perMinute(600) },
  write: { perAccount: perMinute(300), perAddress: perMinute(3_000) },
  refresh: { perAccount: null, perAddress: perMinute(120) },
  // Per account: the handle that is signed in to, counted before its password is hashed. Tight for one network, so that
  // guessing is slow. Loose for all networks together, so that those who guess do not lock the owner out.
  signIn: {
    perAccount: { limit: 300, windowSeconds: 900 },
    perAddress: { limit: 60, windowSeconds: 300 },
    perAccountAndAddress: { limit: 10, windowSeconds: 900 },
  },
  upload: {
    perAccount: { limit: 120, windowSeconds: 3_600 },
    perAddress: { limit: 600, windowSeconds: 3_600 },
  },
  signUp: { perAccount: null, perAddress: { limit: 20, windowSeconds: 3_600 } },
});

/** How the tightest of the limits stands, for the RateLimit headers. */
export interface LimitStanding {
  readonly policy: RateLimitPolicyName;
  readonly limit: RateLimit;
  readonly state: RateState;
}

/** Whom a request is counted for. */
export interface RateSubject {
  /** An account id, or the handle that is signed in to. */
  readonly account?: string | undefined;
  /** As `clientKey` gives it: IPv6 by /64. */
  readonly address?: string | undefined;
  /** The same, to count what this network asks of `account` by itself. */
  readonly accountFrom?: string | undefined;
  /** A device that the account is known to, which is counted in place of its account and network. */
  readonly device?: string | undefined;
}

/** Thrown by `limitRequest`, with the standing for the headers. */
export class RateLimitedError extends ContractError {
  readonly standing: LimitStanding;

  constructor(standing: LimitStanding) {
    super(standing.policy === 'upload' ? 'upload_rate_limited' : 'rate_limited', {
      retryAfterSeconds: standing.state.retryAfterSeconds,
    });
    this.standing = standing;
  }
}

/** Counts a request against its policy's limits; undefined when none applies. Throws `RateLimitedError`. */
export async function limitRequest(
  deps: Pick<Engine, 'rateLimiter'>,
  policies: RateLimitPolicies,
  policy: RateLimitPolicyName,
  subject: RateSubject,
): Promise<LimitStanding | undefined> {
  const { perAccount, perAddress, perAccountAndAddress } = policies[policy];
  const checks: RateCheck[] = [];
  const addNetwork = (start: string, address: string, limit: RateLimit): void => {
    checks.push({ key: `${start}${address}`, ...limit });
    const site = siteKey(address);
    if (site !== undefined)
      checks.push({ key: `${start}${site}`, ...limit, limit: limit.limit * siteFactor });
  };
  if (perAccount && subject.account !== undefined) {
    checks.push({ key: `${policy}:account:${subject.account}`, ...perAccount });
  }
  if (perAddress && subject.address !== undefined) {
    addNetwork(`${policy}:address:`, subject.address, perAddress);
  }
  if (perAccountAndAddress && subject.accountFrom !== undefined) {
    addNetwork(`${policy}:account:${subject.account}:`, subject.accountFrom, perAccountAndAddress);
  }
  if (perAccountAndAddress && subject.device !== undefined) {
    checks.push({ key: `${policy}:device:${subject.device}`, ...perAccountAndAddress });
  }
  if (checks.length === 0) return undefined;
  const states = await deps.rateLimiter.take(checks);
  let tightest: LimitStanding | undefined;
  for (const [index, state] of states.entries()) {
    const limit = checks[index] as RateCheck;
    const tighter =
      !tightest ||
      (tightest.state.allowed && !state.allowed) ||
      (tightest.state.allowed === state.allowed && state.remaining < tightest.state.remaining);
    if (tighter) tightest = { policy, limit, state };
  }
  if (tightest && !tightest.state.allowed) throw new RateLimitedError(tightest);
  return tightest;
}
