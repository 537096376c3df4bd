import type { ServerResponse } from 'node:http';

const forAll: readonly (readonly [name: string, value: string])[] = [
  ['X-Content-Type-Options', 'nosniff'],
  ['X-Frame-Options', 'DENY'],
  ['Referrer-Policy', 'no-referrer'],
  ['Content-Security-Policy', "default-src 'none'; frame-ancestors 'none'"],
];

const hstsHeader = ['Strict-Transport-Security', 'max-age=31536000'] as const;

/** Gives a function that sets what every answer has. */
export function makeSecurityHeaders(hsts: boolean): (res: ServerResponse) => void {
  const headers = hsts ? [...forAll, hstsHeader] : forAll;
  return (res) => {
    for (const [name, value] of headers) res.setHeader(name, value);
  };
}
