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
import type { Answer, AnswerKind, Body, BodyKind } from './payloads.ts';

export type ServiceName = 'posts' | 'social' | 'profile';
export type Scope = 'read' | 'write' | 'admin';
export type Role = 'user' | 'moderator' | 'admin';
/** Names of rate-limit policies; their limits are configuration. */
export type RateLimitPolicyName = 'read' | 'search' | 'write' | 'signIn' | 'signUp' | 'refresh' | 'upload';

/** The order in which an overloaded server sheds load: `low` first, then `normal`, and `high` last. */
export const priorities = ['low', 'normal', 'high'] as const;
export type Priority = (typeof priorities)[number];

/** `posts.create`: the namespace and the method of the SDK. */
export type SdkName = `${string}.${string}`;
/** The command that calls the operation, as typed after `twite`; or why none does. */
export type CliExposure = string | { readonly none: string };

/** The metadata of an operation. Middleware applies it, and nothing else decides these questions. */
export interface OperationMetadata {
  /** The service that it is deployed with. */
  readonly service: ServiceName;
  readonly sdk: SdkName;
  readonly cli: CliExposure;
  readonly body: BodyKind;
  readonly answer: AnswerKind;
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

interface CommonInput {
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly service: ServiceName;
  readonly sdk: SdkName;
  readonly cli: CliExposure;
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
  readonly answer: Answer;
  /** Additional codes. Those that follow from the metadata are added. */
  readonly errors?: readonly ErrorCode[];
}

/** A GET has no body; every other operation says what its body is. */
export type OperationInput = CommonInput &
  (
    | { readonly method: 'GET'; readonly body?: never }
    | { readonly method: Exclude<Method, 'GET'>; readonly body: Body }
  );

const contentTypes = {
  none: {},
  json: {},
  upload: { contentType: 'multipart/form-data' },
} as const satisfies Record<BodyKind, { contentType?: string }>;

/** The error code for a body that cannot be parsed. */
const malformed = {
  none: undefined,
  json: 'malformed_json',
  upload: 'malformed_form',
} as const satisfies Record<BodyKind, ErrorCode | undefined>;

/** Whether a GET's answer gets an ETag for its viewer. */
const isTagged = { empty: false, json: true, page: true } as const satisfies Record<AnswerKind, boolean>;

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
  const malformedBody = malformed[input.body?.kind ?? 'none'];
  if (input.pathParams || input.query || malformedBody || input.method === 'POST') codes.add('invalid_input');
  if (malformedBody) codes.add(malformedBody).add('request_timeout').add('unsupported_media_type');
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

/** The members of a route that describe its body, for ts-rest. */
type BodyOf<T extends OperationInput> =
  T['body'] extends Body<'json', infer S>
    ? { body: S }
    : T['body'] extends Body<'upload', infer S>
      ? { body: S; contentType: 'multipart/form-data' }
      : T['method'] extends 'PUT' | 'POST'
        ? { body: ContractNoBodyType }
        : unknown;

/** The result type of `operation` for its input, for ts-rest. */
export type Operation<T extends OperationInput> = Pick<
  T,
  Extract<keyof T, 'method' | 'path' | 'summary' | 'description' | 'pathParams' | 'query'>
> & {
  strictStatusCodes: true;
  metadata: OperationMetadata;
  responses: { readonly [S in T['answer']['status']]: T['answer']['schema'] };
} & BodyOf<T> &
  (T['method'] extends 'POST' ? { headers: { 'idempotency-key': typeof idempotencyKey } } : unknown);

/**
 * Defines one operation. Its answer is explicit; its errors follow from its metadata. The type covers the answer only,
 * since errors are thrown as `ContractError`; at run time every status is declared.
 */
export function operation<const T extends OperationInput>(input: T): Operation<T> {
  const {
    service,
    sdk,
    cli,
    body,
    answer,
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
  const responses: Record<number, AppRouteResponse> = { [answer.status]: answer.schema };
  for (const code of errors) responses[errorTable[code].status] ??= problem;
  const cacheable = reads && isTagged[answer.kind] ? 'private' : 'no-store';
  if (cacheable === 'private') responses[304] = ContractNoBody;
  const metadata: OperationMetadata = Object.freeze({
    service,
    sdk,
    cli,
    body: body?.kind ?? 'none',
    answer: answer.kind,
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
    ...route,
    ...(metadata.body !== 'none' || input.method === 'PUT' || input.method === 'POST'
      ? { body: body?.schema ?? ContractNoBody, ...contentTypes[metadata.body] }
      : {}),
    ...(input.method === 'POST' ? { headers: { 'idempotency-key': idempotencyKey } } : {}),
    responses,
    strictStatusCodes: true,
    metadata,
  };
  // TypeScript cannot follow the generic input through the spreads; the return type states the result.
  return made as unknown as Operation<T>;
}
