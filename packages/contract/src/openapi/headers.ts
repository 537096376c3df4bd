import type { HeaderObject, HeadersObject } from 'openapi3-ts/oas31';
import { errorTable } from '../errors.ts';
import type { OperationMetadata } from '../operation.ts';

const headers = {
  RateLimit: {
    description:
      'The policy with the fewest requests left: `r` remaining requests, and `t` seconds until the full limit is available again. Absent when rate limits are off.',
    schema: { type: 'string' },
    example: '"read";r=299;t=60',
  },
  'RateLimit-Policy': {
    description:
      'The policies of this operation: `q` requests in `w` seconds. Absent when rate limits are off.',
    schema: { type: 'string' },
    example: '"read";q=300;w=60',
  },
  'Retry-After': {
    description: 'The number of seconds to wait before you retry.',
    schema: { type: 'integer', minimum: 0 },
    example: 2,
  },
  ETag: {
    description: 'Identifies this version of the response for this viewer. Send it as If-None-Match.',
    required: true,
    schema: { type: 'string' },
    example: 'W/"7d1c-5f2a9e"',
  },
} satisfies Record<string, HeaderObject>;

export const headerComponents: Readonly<Record<string, HeaderObject>> = headers;

const waits: ReadonlySet<number> = new Set([errorTable.rate_limited.status, errorTable.overloaded.status]);

/** The headers of answers with this status. */
export function headersOf(status: number, cacheable: OperationMetadata['cacheable']): HeadersObject {
  const names: (keyof typeof headers)[] = ['RateLimit', 'RateLimit-Policy'];
  if (waits.has(status)) names.push('Retry-After');
  if (cacheable === 'private' && (status === 200 || status === 304)) names.push('ETag');
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
