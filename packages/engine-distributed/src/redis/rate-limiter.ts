import type { Clock } from '@twite/core/clock';
import { MemoryRateLimiter } from '@twite/core/rate-limits/memory-rate-limiter';
import type { RateCheck, RateLimiter, RateState } from '@twite/core/rate-limits/rate-limiter';
import { Unavailable } from '@twite/core/unavailable';
import type { Log } from '../log.ts';
import { isRedisUnavailable, RedisAwayError, type RedisConnection } from './connection.ts';
import { limitKey } from './keys.ts';
import { defineScript, type Script } from './scripts.ts';

/**
 * GCRA as in @twite/core/rate-limits/gcra, in ticks of 1/1024 ms: whole numbers, so that the sums are the same. KEYS:
 * limits. ARGV: now in ticks (empty: by the server's clock), the minimum milliseconds to keep a limit, then interval
 * and tolerance in ticks for each limit. Returns four numbers for each: allowed, remaining, reset and retry in seconds.
 */
const takeScript = `
local call, floor, ceil, max = redis.call, math.floor, math.ceil, math.max
local now = tonumber(ARGV[1])
if not now then
  local time = call('TIME')
  now = floor((time[1] * 1000 + time[2] / 1000) * 1024)
end
local seconds = function(ticks) return ceil(ticks / 1024 / 1000) end
local staged, decisions, allowedByAll = {}, {}, true
for index = 1, #KEYS do
  local key = KEYS[index]
  local interval, tolerance = tonumber(ARGV[2 * index + 1]), tonumber(ARGV[2 * index + 2])
  local stored = staged[key] or tonumber(call('GET', key) or nil)
  local tat = math.min(max(stored or now, now), now + tolerance)
  local allowedAt = tat + interval - tolerance
  local allowed = now >= allowedAt
  if allowed then tat = tat + interval else allowedByAll = false end
  staged[key] = tat
  decisions[index] = {
    allowed = allowed,
    remaining = floor((now + tolerance - tat) / interval),
    reset = seconds(tat - now),
    retry = allowed and 0 or seconds(allowedAt - now),
    before = stored or now,
  }
end
if allowedByAll then
  for key, tat in pairs(staged) do
    local keep = max(ceil((tat - now) / 1024), tonumber(ARGV[2]))
    call('SET', key, string.format('%.0f', tat), 'PX', string.format('%.0f', keep))
  end
end
local reply = {}
for _, decision in ipairs(decisions) do
  if decision.allowed and not allowedByAll then
    decision.remaining = decision.remaining + 1
    decision.reset = max(0, seconds(decision.before - now))
  end
  reply[#reply + 1] = decision.allowed and 1 or 0
  reply[#reply + 1] = decision.remaining
  reply[#reply + 1] = decision.reset
  reply[#reply + 1] = decision.retry
end
return reply
`;

const TICKS_PER_MS = 1024;
// Under an injected clock that stands still, a limit must not expire by the server's clock.
const KEPT_UNDER_CLOCK_MS = 600_000;

export interface RedisRateLimiterOptions {
  readonly namespace: string;
  readonly log: Log;
  /** Replaces the server's clock. */
  readonly clock?: Clock;
  /** Wraps each call to Redis; may throw `Unavailable` instead. */
  readonly guard?: <T>(call: () => Promise<T>) => Promise<T>;
}

/**
 * Limits counted in Redis by its clock, for all processes together. While Redis is unavailable each process counts by
 * itself: a caller then has the limit once per server.
 */
export class RedisRateLimiter implements RateLimiter {
  readonly #connection: RedisConnection;
  readonly #options: RedisRateLimiterOptions;
  readonly #take: Script;
  readonly #fallback: MemoryRateLimiter;
  #isDegraded = false;

  constructor(connection: RedisConnection, options: RedisRateLimiterOptions) {
    this.#connection = connection;
    this.#options = options;
    this.#take = defineScript(connection.client, 'twiteTakeLimits', takeScript);
    this.#fallback = new MemoryRateLimiter(options.clock ?? { now: () => Date.now() });
  }

  /** Whether this process counts by itself because Redis was unavailable at the last request. */
  get isDegraded(): boolean {
    return this.#isDegraded;
  }

  async take(checks: readonly RateCheck[]): Promise<readonly RateState[]> {
    if (checks.length === 0) return [];
    const { guard, log } = this.#options;
    try {
      const states = await (guard === undefined
        ? this.#takeShared(checks)
        : guard(() => this.#takeShared(checks)));
      if (this.#isDegraded) log({ level: 'info', msg: 'rate limiting shared again' });
      this.#isDegraded = false;
      return states;
    } catch (error) {
      if (!(error instanceof Unavailable) && !isRedisUnavailable(error)) throw error;
      if (!this.#isDegraded) {
        log({ level: 'warn', msg: 'rate limiting per process' });
      }
      this.#isDegraded = true;
      return this.#fallback.take(checks);
    }
  }

  async #takeShared(checks: readonly RateCheck[]): Promise<readonly RateState[]> {
    if (!this.#connection.isUp) throw new RedisAwayError('not connected');
    const { clock, namespace } = this.#options;
    const args: (string | number)[] = [
      clock === undefined ? '' : Math.floor(clock.now() * TICKS_PER_MS),
      clock === undefined ? 0 : KEPT_UNDER_CLOCK_MS,
    ];
    for (const check of checks) {
      const { limit, windowSeconds } = check;
      if (!(limit > 0) || !(windowSeconds > 0)) {
        throw new RangeError(`not a rate limit: ${JSON.stringify(check)}`);
      }
      const interval = Math.ceil((windowSeconds * 1000 * TICKS_PER_MS) / limit);
      args.push(interval, Math.max(1, Math.floor(limit)) * interval);
    }
    const reply = (await this.#take(
      checks.map(({ key }) => limitKey(namespace, key)),
      args,
    )) as number[];
    return checks.map((_, index) => ({
      allowed: reply[4 * index] === 1,
      remaining: reply[4 * index + 1] as number,
      resetSeconds: reply[4 * index + 2] as number,
      retryAfterSeconds: reply[4 * index + 3] as number,
    }));
  }
}
