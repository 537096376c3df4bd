import { ContractError, type RateLimitPolicyName } from '@twite/contract';
import type { Engine } from '../engine.ts';
import type { RateCheck, RateState } from './rate-limiter.ts';

export interface RateLimit {
  readonly limit: number;
  readonly windowSeconds: number;
}

/** The limits of one policy; null where it does not apply. */
export interface RateLimitPolicy {
  readonly perAccount: RateLimit | null;
  readonly perAddress: RateLimit | null;
}

export type RateLimitPolicies = Readonly<Record<RateLimitPolicyName, RateLimitPolicy>>;

const perMinute = (limit: number): RateLimit => ({ limit, windowSeconds: 60 });

/** Generous to people, tight for scripts that guess or flood. All of it is configuration. */
export const defaultRateLimits: RateLimitPolicies = Object.freeze({
  read: { perAccount: perMinute(1_200), perAddress: perMinute(6_000) },
  search: { perAccount: perMinute(120), perAddress: perMinute(600) },
  write: { perAccount: perMinute(300), perAddress: perMinute(3_000) },
  refresh: { perAccount: null, perAddress: perMinute(120) },
  // Per account: the handle that is signed in to, counted before its password is hashed.
  signIn: { perAccount: { limit: 20, windowSeconds: 300 }, perAddress: { limit: 60, windowSeconds: 300 } },
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
  const { perAccount, perAddress } = policies[policy];
  const checks: RateCheck[] = [];
  if (perAccount && subject.account !== undefined) {
    checks.push({ key: `${policy}:account:${subject.account}`, ...perAccount });
  }
  if (perAddress && subject.address !== undefined) {
    checks.push({ key: `${policy}:address:${subject.address}`, ...perAddress });
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
