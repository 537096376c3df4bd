import { ContractError, type RateLimitPolicyName } from '@twite/contract';
import type { Engine } from '../engine.ts';
import { siteKey } from './client-address.ts';
import type { RateCheck, RateState } from './rate-limiter.ts';

export interface RateLimit {
  readonly limit: number;
  readonly windowSeconds: number;
}

/** The limits of one policy. Null if a limit does not apply. */
export interface RateLimitPolicy {
  readonly perAccount: RateLimit | null;
  /** Per IPv4 address and IPv6 /64. The limit of an IPv6 /48 is `siteFactor` times as high. */
  readonly perAddress: RateLimit | null;
  /** Per account and requesting network, or per device that is known to the account. */
  readonly perAccountAndAddress?: RateLimit | null;
}

/** The ratio of an IPv6 /48's limit to that of a /64: one site may have 65,536 of them. */
export const siteFactor = 4;

export type RateLimitPolicies = Readonly<Record<RateLimitPolicyName, RateLimitPolicy>>;

const perMinute = (limit: number): RateLimit => ({ limit, windowSeconds: 60 });

/** Generous for people, tight for scripts that guess or flood. All limits are configurable. */
export const defaultRateLimits: RateLimitPolicies = Object.freeze({
  read: { perAccount: perMinute(1_200), perAddress: perMinute(6_000) },
  search: { perAccount: perMinute(120), perAddress: perMinute(600) },
  write: { perAccount: perMinute(300), perAddress: perMinute(3_000) },
  refresh: { perAccount: null, perAddress: perMinute(120) },
  // Per account: the handle of the sign-in, counted before its password is hashed. Tight per network, so that guessing
  // is slow. Loose across all networks, so that attackers who guess do not lock the owner out.
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

/** The state of the tightest limit, for the RateLimit headers. */
export interface LimitStanding {
  readonly policy: RateLimitPolicyName;
  readonly limit: RateLimit;
  readonly state: RateState;
}

/** The subject that a request counts against. */
export interface RateSubject {
  /** An account id, or the handle of the sign-in. */
  readonly account?: string | undefined;
  /** The key from `clientKey`: a /64 for IPv6. */
  readonly address?: string | undefined;
  /** The same, to count this network's requests for `account` separately. */
  readonly accountFrom?: string | undefined;
  /** A device that is known to the account. Counts instead of the account and network. */
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

/** Counts a request against its policy's limits. Returns undefined when none applies. Throws `RateLimitedError`. */
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
