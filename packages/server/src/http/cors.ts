import type { IncomingMessage, ServerResponse } from 'node:http';

const exposedHeaders = 'ETag, RateLimit, RateLimit-Policy, Retry-After, X-Request-Id';
const allowedHeaders =
  'Authorization, Content-Type, Idempotency-Key, If-None-Match, Traceparent, X-Request-Id';
const allowedMethods = 'GET, HEAD, POST, PUT, PATCH, DELETE';
const preflightSeconds = 600;

/** Whether caches must not reuse an answer for another origin. */
export const variesByOrigin = (origins: readonly string[]): boolean =>
  origins.length > 0 && !origins.includes('*');

/**
 * Returns a function that sets the headers for pages of other origins; it returns `preflight` when the request is only
 * a preflight and must be answered with 204. No credentials: tokens travel in a header that pages set themselves.
 */
export function makeCors(
  origins: readonly string[],
): (req: IncomingMessage, res: ServerResponse) => 'preflight' | undefined {
  if (origins.length === 0) return () => undefined;
  const all = origins.includes('*');
  const known = new Set(origins);
  return (req, res) => {
    const { origin } = req.headers;
    if (!all) res.setHeader('vary', 'Origin');
    if (origin === undefined || !(all || known.has(origin))) return undefined;
    res.setHeader('access-control-allow-origin', all ? '*' : origin);
    res.setHeader('access-control-expose-headers', exposedHeaders);
    if (req.method !== 'OPTIONS' || req.headers['access-control-request-method'] === undefined) {
      return undefined;
    }
    res.setHeader('access-control-allow-methods', allowedMethods);
    res.setHeader('access-control-allow-headers', allowedHeaders);
    res.setHeader('access-control-max-age', preflightSeconds);
    return 'preflight';
  };
}
