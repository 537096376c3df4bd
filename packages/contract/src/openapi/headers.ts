import type { HeaderObject, HeadersObject } from 'openapi3-ts/oas31';
import { errorTable } from '../errors.ts';
import type { OperationMetadata } from '../operation.ts';

const headers = {
  RateLimit: {
    description:
      'What is left of the policy that is nearest to its end: `r` requests, and `t` seconds until it is whole again. Absent when limits are off.',
    schema: { type: 'string' },
    example: '"read";r=299;t=60',
  },
  'RateLimit-Policy': {
    description: 'The policies that hold here: `q` requests in `w` seconds. Absent when limits are off.',
    schema: { type: 'string' },
    example: '"read";q=300;w=60',
  },
  'Retry-After': {
    description: 'Whole seconds after which to try again.',
    schema: { type: 'integer', minimum: 0 },
    example: 2,
  },
  ETag: {
    description: 'Names this answer to this viewer; send it as If-None-Match.',
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
