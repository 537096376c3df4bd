/** The RateLimit and RateLimit-Policy headers of a response. */
export interface RateLimit {
  /** The name of the policy that the request counted against. */
  readonly policy: string;
  /** The number of requests that the policy allows per window. */
  readonly limit: number | undefined;
  readonly windowSeconds: number | undefined;
  /** The number of requests left now. */
  readonly remaining: number;
  /** The number of seconds until more are allowed. */
  readonly resetSeconds: number;
}

/** Parses `"write";r=29;t=60` and its policy `"write";q=30;w=60`. */
export function parseRateLimit(headers: Headers): RateLimit | undefined {
  const state = headers.get('ratelimit') ?? '';
  const text = `${state};${headers.get('ratelimit-policy')}`;
  const number = (key: string): number | undefined => {
    const found = RegExp(`;${key}=(\\d+)`).exec(text);
    return found ? Number(found[1]) : undefined;
  };
  const policy = /^"(.*?)"/.exec(state)?.[1];
  const [remaining, resetSeconds] = [number('r'), number('t')];
  return policy === undefined || remaining === undefined || resetSeconds === undefined
    ? undefined
    : { policy, limit: number('q'), windowSeconds: number('w'), remaining, resetSeconds };
}
