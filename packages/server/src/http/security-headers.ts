import type { ServerResponse } from 'node:http';

const forAll: readonly (readonly [name: string, value: string])[] = [
  ['x-content-type-options', 'nosniff'],
  ['x-frame-options', 'DENY'],
  ['referrer-policy', 'no-referrer'],
  ['content-security-policy', "default-src 'none'; frame-ancestors 'none'"],
];

const hstsHeader = ['strict-transport-security', 'max-age=31536000'] as const;

/** Returns a function that sets the headers of every answer. */
export function makeSecurityHeaders(hsts: boolean): (res: ServerResponse) => void {
  const headers = hsts ? [...forAll, hstsHeader] : forAll;
  return (res) => {
    for (const [name, value] of headers) res.setHeader(name, value);
  };
}
