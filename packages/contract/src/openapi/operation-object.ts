import type {
  EncodingPropertyObject,
  OperationObject,
  ReferenceObject,
  RequestBodyObject,
  ResponseObject,
  ResponsesObject,
  SchemaObject,
} from 'openapi3-ts/oas31';
import { z } from 'zod4';
import { apiPrefix } from '../contract.ts';
import { type ErrorCode, errorTable } from '../errors.ts';
import type { AnswerKind, BodyKind } from '../payloads.ts';
import { headersOf } from './headers.ts';
import { parametersOf } from './parameters.ts';
import { problemResponseName } from './problems.ts';
import type { DocumentedRoute } from './route.ts';
import { resolved, sample } from './sample.ts';
import type { SchemaRegistry } from './schemas.ts';
import { securityOf } from './security.ts';
import { topicOf } from './topics.ts';

const successes: Readonly<Record<number, string>> = {
  200: 'OK.',
  201: 'Created.',
  204: 'Done. The response has no body.',
  304: 'Not modified since the response with the ETag in If-None-Match. The response has no body.',
};

/** Groups the error codes of an operation by status. */
export function codesByStatus(codes: readonly ErrorCode[]): Map<number, ErrorCode[]> {
  const groups = new Map<number, ErrorCode[]>();
  for (const code of codes) {
    const { status } = errorTable[code];
    groups.set(status, [...(groups.get(status) ?? []), code]);
  }
  return groups;
}

const isBinary = (schema: SchemaObject): boolean => schema.type === 'string' && schema.format === 'binary';

/**
 * How the files of a form are encoded; the server detects their type by content. Texts keep the default, `text/plain`:
 * generators that find it declared mistake them for files.
 */
function encodingOf(
  form: SchemaObject | ReferenceObject,
  { components }: SchemaRegistry,
): Record<string, EncodingPropertyObject> {
  const { properties = {} } = resolved(form, components);
  return Object.fromEntries(
    Object.entries(properties)
      .filter(([, property]) => isBinary(resolved(property, components)))
      .map(([name]) => [name, { contentType: 'application/octet-stream' }]),
  );
}

const mediaTypes = {
  none: undefined,
  json: 'application/json',
  upload: 'multipart/form-data',
} as const satisfies Record<BodyKind, string | undefined>;

function requestBody(route: DocumentedRoute, registry: SchemaRegistry): RequestBodyObject | undefined {
  const contentType = mediaTypes[route.metadata.body];
  if (contentType === undefined || !(route.body instanceof z.ZodType)) return undefined;
  const schema = registry.schemaOf(route.body, 'input');
  const content = {
    schema,
    example: sample(schema, registry.components),
    ...(route.metadata.body === 'upload' ? { encoding: encodingOf(schema, registry) } : {}),
  };
  return { required: !route.body.safeParse(undefined).success, content: { [contentType]: content } };
}

const answerTypes = {
  empty: undefined,
  json: 'application/json',
  page: 'application/json',
} as const satisfies Record<AnswerKind, string | undefined>;

function success(status: number, route: DocumentedRoute, registry: SchemaRegistry): ResponseObject {
  const body = route.responses[status];
  const description = successes[status];
  if (description === undefined) throw new Error(`${route.operationId}: describe status ${status}`);
  const headers = headersOf(status, route.metadata.cacheable);
  const mediaType = answerTypes[route.metadata.answer];
  if (mediaType === undefined || !(body instanceof z.ZodType)) return { description, headers };
  const schema = registry.schemaOf(body, 'output');
  const example = sample(schema, registry.components);
  return { description, headers, content: { [mediaType]: { schema, example } } };
}

function responses(route: DocumentedRoute, registry: SchemaRegistry): ResponsesObject {
  const codes = codesByStatus(route.metadata.errors);
  const of = (status: number): ResponseObject | ReferenceObject => {
    const known = codes.get(status);
    return known
      ? { $ref: `#/components/responses/${problemResponseName(known)}` }
      : success(status, route, registry);
  };
  return Object.fromEntries(Object.keys(route.responses).map((status) => [status, of(Number(status))]));
}

/** One operation of the contract as an OpenAPI object, with its parameters still inline. */
export function operationObject(route: DocumentedRoute, registry: SchemaRegistry): OperationObject {
  const { metadata } = route;
  const body = requestBody(route, registry);
  return {
    operationId: route.operationId,
    tags: [topicOf(route.path.slice(apiPrefix.length))],
    summary: route.summary,
    ...(route.description === undefined ? {} : { description: route.description }),
    parameters: parametersOf(route, registry),
    ...(body ? { requestBody: body } : {}),
    responses: responses(route, registry),
    security: securityOf(metadata),
    ...(metadata.auth === 'none' ? {} : { 'x-twite-scope': metadata.scope, 'x-twite-role': metadata.role }),
    'x-twite-service': metadata.service,
    'x-rate-limit-policy': metadata.rateLimit,
    'x-priority': metadata.priority,
    'x-twite-idempotent': metadata.idempotent,
    'x-twite-cacheable': metadata.cacheable,
  };
}
