import type { ServerResponse } from 'node:http';
import type { RateLimitPolicyName } from '@twite/contract';
import type { Deps } from '@twite/core/engine';
import {
  type LimitStanding,
  limitRequest,
  RateLimitedError,
  type RateLimitPolicies,
  type RateSubject,
} from '@twite/core/rate-limits/limit-request';
import type { HttpMetrics } from './http-config.ts';
import type { RequestState } from './request-state.ts';

/** Counts a request; stores and reports the state of its tightest limit. Throws `RateLimitedError`. */
export type CountRequest = (
  policy: RateLimitPolicyName,
  subject: RateSubject,
  state: RequestState,
  res: ServerResponse,
) => Promise<void>;

/** Sets the RateLimit headers of the IETF's draft. */
function tell(standing: LimitStanding, res: ServerResponse): void {
  const { policy, limit, state } = standing;
  res.setHeader('ratelimit-policy', `"${policy}";q=${limit.limit};w=${limit.windowSeconds}`);
  res.setHeader('ratelimit', `"${policy}";r=${state.remaining};t=${state.resetSeconds}`);
}

/** Returns undefined when limits are off. */
export function makeCountRequest(
  deps: Pick<Deps, 'rateLimiter'>,
  policies: RateLimitPolicies | null,
  metrics: Pick<HttpMetrics, 'rateLimited'>,
): CountRequest | undefined {
  if (policies === null) return undefined;
  return async (policy, subject, state, res) => {
    try {
      const standing = await limitRequest(deps, policies, policy, subject);
      if (standing === undefined) return;
      if (state.standing && state.standing.state.remaining <= standing.state.remaining) return;
      state.standing = standing;
      tell(standing, res);
    } catch (error) {
      if (error instanceof RateLimitedError) {
        metrics.rateLimited(policy);
        tell(error.standing, res);
      }
      throw error;
    }
  };
}
