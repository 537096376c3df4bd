/** The RateLimit and RateLimit-Policy headers of an answer. */
export interface RateLimit {
  /** The name of the policy that counted the request. */
  readonly policy: string;
  /** How many requests the policy allows in a window. */
  readonly limit: number | undefined;
  readonly windowSeconds: number | undefined;
  /** How many requests are left now. */
  readonly remaining: number;
  /** After how many seconds more are allowed. */
  readonly resetSeconds: number;
}

/** `"write";r=29;t=60` as its name and numbers. */
function parseItem(header: string | null): { name: string; numbers: Record<string, number> } | undefined {
  const [, name, rest = ''] = /^"([^"]*)"(.*)$/.exec(header ?? '') ?? [];
  if (name === undefined) return undefined;
  const numbers: Record<string, number> = {};
  for (const [, key, value] of rest.matchAll(/;(\w+)=(\d+)/g)) numbers[key as string] = Number(value);
  return { name, numbers };
}

export function parseRateLimit(headers: Headers): RateLimit | undefined {
  const state = parseItem(headers.get('ratelimit'));
  const { r: remaining, t: resetSeconds } = state?.numbers ?? {};
  if (!state || remaining === undefined || resetSeconds === undefined) return undefined;
  const { q: limit, w: windowSeconds } = parseItem(headers.get('ratelimit-policy'))?.numbers ?? {};
  return { policy: state.name, limit, windowSeconds, remaining, resetSeconds };
}
