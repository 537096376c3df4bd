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

/** `"write";r=29;t=60`, and its policy `"write";q=30;w=60`. */
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
