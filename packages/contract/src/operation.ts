import {
  type AppRouteResponse,
  type ContractAnyType,
  ContractNoBody,
  type ContractNoBodyType,
} from '@ts-rest/core';
import { z } from 'zod4';
import { problem } from './entities/problem.ts';
import type { ErrorCode } from './errors.ts';
import { errorTable } from './errors.ts';

export type ServiceName = 'posts' | 'social' | 'profile';
export type Scope = 'read' | 'write' | 'admin';
export type Role = 'user' | 'moderator' | 'admin';
/** Names of rate-limit policies; their limits are configuration. */
export type RateLimitPolicyName = 'read' | 'search' | 'write' | 'signIn' | 'signUp' | 'refresh' | 'upload';

/** The order in which an overloaded server sheds load: `low` first, then `normal`, and `high` last. */
export const priorities = ['low', 'normal', 'high'] as const;
export type Priority = (typeof priorities)[number];

/** The metadata of an operation. Middleware applies it, and nothing else decides these questions. */
export interface OperationMetadata {
  /** The service that it is deployed with. */
  readonly service: ServiceName;
  /** `optional`: works signed out, but shows more when signed in. */
  readonly auth: 'none' | 'optional' | 'required';
  /** The required scope of a token. Sessions have every scope. */
  readonly scope: Scope;
  /** The minimum role of the account. */
  readonly role: Role;
  /** Whether personal access tokens are refused, whatever their scopes. */
  readonly sessionOnly: boolean;
  readonly rateLimit: RateLimitPolicyName;
  /** An overloaded server refuses operations with a lower priority first. */
  readonly priority: Priority;
  /** Whether repeating it leaves the same state. */
  readonly idempotent: boolean;
  /** Whether `Idempotency-Key` makes a retry safe: every POST. */
  readonly idempotencyKey: boolean;
  /** `private`: answered with an ETag for this viewer only. `no-store`: never cached. */
  readonly cacheable: 'no-store' | 'private';
  /** Every error code that it can answer with. */
  readonly errors: readonly ErrorCode[];
}

type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

interface OperationInput {
  readonly method: Method;
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly service: ServiceName;
  readonly auth?: OperationMetadata['auth'];
  readonly scope?: Scope;
  readonly role?: Role;
  readonly sessionOnly?: boolean;
  readonly rateLimit?: RateLimitPolicyName;
  /**
   * Default: `high` for moderators and admins, who may be needed to end an overload, `low` for searches, otherwise
   * `normal`.
   */
  readonly priority?: Priority;
  readonly pathParams?: ContractAnyType;
  readonly query?: ContractAnyType;
  /** The content type of the body. Default: JSON. */
  readonly contentType?: 'multipart/form-data';
  readonly body?: ContractAnyType;
  readonly responses: Record<number, AppRouteResponse>;
  /** Additional codes. Those that follow from the metadata are added. */
  readonly errors?: readonly ErrorCode[];
}

/** Allowed on every POST. Makes its retries safe for 24 hours. */
const idempotencyKey = z
  .string()
  .regex(/^[\x21-\x7e]{1,255}$/, 'must be 1 to 255 visible ASCII characters')
  .optional()
  .describe(
    'A unique string, such as a UUID. For 24 hours, a retry with the same key returns the first response.',
  )
  .meta({ examples: ['0b1d1c62-6f0e-4c5e-9a55-6d4f6f1f0a3e'] });

function errorsOf(input: OperationInput, auth: OperationMetadata['auth']): ErrorCode[] {
  const codes = new Set<ErrorCode>(input.errors);
  if (input.pathParams) codes.add('malformed_path');
  // Every operation has headers or a query that can be invalid; a POST has a key.
  if (input.pathParams || input.query || input.body || input.method === 'POST') codes.add('invalid_input');
  if (input.body) {
    codes.add(input.contentType === undefined ? 'malformed_json' : 'malformed_form');
    codes.add('request_timeout').add('unsupported_media_type');
  }
  if (auth !== 'none') codes.add('invalid_token').add('insufficient_scope');
  if (auth === 'required') codes.add('unauthenticated');
  if (input.sessionOnly) codes.add('session_required');
  if (input.role && input.role !== 'user') codes.add('insufficient_role');
  if (input.method === 'POST') codes.add('idempotency_in_flight').add('idempotency_mismatch');
  // A body that is too large is refused even if none is expected.
  codes.add('payload_too_large');
  if (input.method !== 'GET') codes.add('storage_full');
  codes.add('rate_limited').add('internal_error').add('overloaded').add('unavailable');
  return [...codes].sort((a, b) => errorTable[a].status - errorTable[b].status || a.localeCompare(b));
}

/** The result type of `operation` for its input, for ts-rest. */
export type Operation<T extends OperationInput> = Omit<
  T,
  'service' | 'auth' | 'scope' | 'role' | 'sessionOnly' | 'rateLimit' | 'priority' | 'errors'
> & { strictStatusCodes: true; metadata: OperationMetadata } & (T['method'] extends 'POST'
    ? { headers: { 'idempotency-key': typeof idempotencyKey } }
    : unknown) &
  (T['method'] extends 'PUT' | 'POST'
    ? T extends { body: ContractAnyType }
      ? unknown
      : { body: ContractNoBodyType }
    : unknown);

/**
 * Defines one operation. Its success responses are explicit; its errors follow from its metadata. The type covers
 * successes only, since errors are thrown as `ContractError`; at run time every status is declared.
 */
export function operation<const T extends OperationInput>(input: T): Operation<T> {
  const {
    service,
    auth = 'required',
    scope,
    role = 'user',
    sessionOnly = false,
    rateLimit,
    priority,
    errors: _own,
    ...route
  } = input;
  const reads = input.method === 'GET';
  const errors = errorsOf(input, auth);
  const responses: Record<number, AppRouteResponse> = { ...input.responses };
  for (const code of errors) responses[errorTable[code].status] ??= problem;
  const cacheable = reads && 200 in responses ? 'private' : 'no-store';
  if (cacheable === 'private') responses[304] = ContractNoBody;
  const metadata: OperationMetadata = Object.freeze({
    service,
    auth,
    scope: scope ?? (role !== 'user' ? 'admin' : reads ? 'read' : 'write'),
    role,
    sessionOnly,
    rateLimit: rateLimit ?? (reads ? 'read' : 'write'),
    priority: priority ?? (role !== 'user' ? 'high' : rateLimit === 'search' ? 'low' : 'normal'),
    idempotent: input.method !== 'POST',
    idempotencyKey: input.method === 'POST',
    cacheable,
    errors: Object.freeze(errors),
  });
  const made = {
    ...(input.method === 'PUT' || input.method === 'POST' ? { body: ContractNoBody } : {}),
    ...route,
    ...(input.method === 'POST' ? { headers: { 'idempotency-key': idempotencyKey } } : {}),
    responses,
    strictStatusCodes: true,
    metadata,
  };
  // TypeScript cannot follow the generic input through the spreads; the return type states the result.
  return made as unknown as Operation<T>;
}
