import type {
  ParameterObject,
  ReferenceObject,
  RequestBodyObject,
  ResponseObject,
  SchemaObject,
} from 'openapi3-ts/oas31';
import { describe, expect, test } from 'vitest';
import { operationIds } from '../contract.ts';
import { type ErrorCode, errorTable } from '../errors.ts';
import { generateOpenApi } from './document.ts';
import { documentedRoutes } from './route.ts';
import { dereferenced, objectsOf, operationsOf, resolve } from './testing/walk.ts';

const document = generateOpenApi({ version: '1.2.3' });
const placed = operationsOf(document);
const routes = documentedRoutes();

const operationOf = (operationId: string) => {
  const found = placed.find(({ operation }) => operation.operationId === operationId);
  if (!found) throw new Error(`${operationId} is not in the document`);
  return found;
};
const parametersIn = (operationId: string): ParameterObject[] =>
  (operationOf(operationId).operation.parameters ?? []).map((parameter) =>
    dereferenced<ParameterObject>(document, parameter),
  );
const responsesOf = (operationId: string): [status: string, response: ResponseObject][] =>
  Object.entries(operationOf(operationId).operation.responses ?? {}).map(([status, response]) => [
    status,
    dereferenced<ResponseObject>(document, response),
  ]);

describe('the document', () => {
  test('is plain, deterministic OpenAPI 3.1 JSON', () => {
    expect(document.openapi).toMatch(/^3\.1\.\d+$/);
    expect(document.info).toMatchObject({ title: 'Twite', version: '1.2.3', license: { identifier: 'MIT' } });
    expect(document.servers).toMatchObject([{ url: '/' }]);
    expect(generateOpenApi({ version: '1', serverUrl: 'https://a.test' }).servers).toEqual([
      { url: 'https://a.test' },
    ]);
    expect(JSON.parse(JSON.stringify(document))).toEqual(document);
    expect(generateOpenApi({ version: '1.2.3' })).toEqual(document);
  });

  test('only has members that OpenAPI allows at their place', () => {
    const known = (value: object, names: string[]) =>
      expect(Object.keys(value).filter((key) => !key.startsWith('x-') && !names.includes(key))).toEqual([]);
    known(document, ['openapi', 'info', 'servers', 'tags', 'paths', 'components']);
    for (const { operation, method } of placed) {
      known(operation, [
        'operationId',
        'tags',
        'summary',
        'description',
        'parameters',
        'requestBody',
        'responses',
        'security',
      ]);
      expect(['get', 'put', 'post', 'patch', 'delete']).toContain(method);
      for (const parameter of operation.parameters ?? []) {
        const names = [
          'name',
          'in',
          'description',
          'required',
          'style',
          'explode',
          'schema',
          'example',
          '$ref',
        ];
        known(parameter, names);
      }
      for (const response of Object.values(operation.responses ?? {})) {
        known(dereferenced<ResponseObject>(document, response), ['description', 'headers', 'content']);
        expect(dereferenced<ResponseObject>(document, response).description).not.toBe('');
      }
    }
  });

  test('only references existing components', () => {
    for (const [pointer, value] of objectsOf(document)) {
      if (typeof value.$ref !== 'string') continue;
      expect(resolve(document, value.$ref), `${pointer}: ${value.$ref}`).toBeDefined();
    }
  });

  test('has no unreferenced components', () => {
    const used = new Set<unknown>([...objectsOf(document)].map(([, value]) => value.$ref));
    for (const { operation } of placed) {
      for (const requirement of operation.security ?? []) {
        for (const name of Object.keys(requirement)) used.add(`#/components/securitySchemes/${name}`);
      }
    }
    for (const [kind, components] of Object.entries(document.components ?? {})) {
      for (const name of Object.keys(components)) {
        expect(name).toMatch(/^[A-Za-z0-9._-]+$/);
        expect(used, `${kind}/${name}`).toContain(`#/components/${kind}/${name}`);
      }
    }
  });
});

describe('operations', () => {
  test('are exactly those of the contract, described and tagged with one topic', () => {
    expect(placed.map(({ operation }) => operation.operationId).sort()).toEqual([...operationIds].sort());
    const tags = document.tags?.map((tag) => tag.name);
    const used = new Set(placed.flatMap(({ operation }) => operation.tags ?? []));
    expect([...used].sort()).toEqual([...(tags ?? [])].sort());
    for (const route of routes) {
      const { path, method, operation } = operationOf(route.operationId);
      expect(path).toBe(route.path.replace(/:([A-Za-z]+)/g, '{$1}'));
      expect(method).toBe(route.method.toLowerCase());
      expect(operation.description, route.operationId).toMatch(/^[A-Z`].{20,}\.$/);
      expect(operation.description).not.toBe(operation.summary);
      expect(operation.tags).toHaveLength(1);
      expect(tags).toContain(operation.tags?.[0]);
      expect(operation['x-twite-service']).toBe(route.metadata.service);
      expect(operation['x-rate-limit-policy']).toBe(route.metadata.rateLimit);
      expect(operation['x-priority']).toBe(route.metadata.priority);
    }
  });

  test('have the statuses of the contract, with the codes of their metadata', () => {
    for (const route of routes) {
      const responses = responsesOf(route.operationId);
      expect(responses.map(([status]) => status)).toEqual(Object.keys(route.responses));
      const told = responses.flatMap(([status, response]) => {
        const codes = (response['x-error-codes'] ?? []) as ErrorCode[];
        for (const code of codes) {
          expect(errorTable[code].status).toBe(Number(status));
          expect(response.description).toContain(`\`${code}\``);
        }
        const content = response.content?.['application/problem+json'];
        expect(Object.keys(content?.examples ?? {})).toEqual(codes);
        expect(content?.schema).toEqual(
          codes.length > 0 ? { $ref: '#/components/schemas/Problem' } : undefined,
        );
        return codes;
      });
      expect(told.sort()).toEqual([...route.metadata.errors].sort());
    }
  });

  test('have a body where the contract has one, and no body with 204 and 304', () => {
    for (const route of routes) {
      for (const [status, response] of responsesOf(route.operationId)) {
        expect(response.content === undefined, `${route.operationId} ${status}`).toBe(
          status === '204' || status === '304',
        );
      }
    }
    expect(operationOf('createPost').operation.requestBody).toMatchObject({ required: true });
    expect(operationOf('suspendAccount').operation.requestBody).toMatchObject({ required: false });
    expect(operationOf('followAccount').operation.requestBody).toBeUndefined();
    expect(operationOf('deletePost').operation.requestBody).toBeUndefined();
  });

  test('describe forms with files by part', () => {
    const { requestBody } = operationOf('uploadMedia').operation;
    const { content } = requestBody as RequestBodyObject;
    expect(Object.keys(content)).toEqual(['multipart/form-data']);
    const form = content['multipart/form-data'];
    const binary = { contentType: 'application/octet-stream' };
    expect(form?.encoding).toEqual({ file: binary, poster: binary });
    const { properties, required } = dereferenced<SchemaObject>(document, form?.schema as ReferenceObject);
    expect(required).toEqual(['file']);
    for (const name of ['file', 'poster']) {
      expect(properties?.[name]).toMatchObject({ type: 'string', format: 'binary' });
    }
    const statuses = responsesOf('uploadMedia').map(([status]) => status);
    expect(statuses).toEqual(expect.arrayContaining(['400', '408', '413', '415', '422', '429', '503']));
  });

  test('have exactly the parameters of their paths, all required', () => {
    for (const { path, operation } of placed) {
      const parameters = parametersIn(operation.operationId ?? '');
      const inPath = parameters.filter((parameter) => parameter.in === 'path');
      const names = [...path.matchAll(/\{([^}]+)\}/g)].map(([, name]) => name);
      expect(inPath.map((parameter) => parameter.name)).toEqual(names);
      expect(inPath.every((parameter) => parameter.required === true)).toBe(true);
      const keys = parameters.map((parameter) => `${parameter.in} ${parameter.name}`);
      expect(new Set(keys).size).toBe(keys.length);
    }
  });

  test('describe which query parameters are optional, and how lists are serialized', () => {
    const query = (operationId: string) =>
      parametersIn(operationId)
        .filter((parameter) => parameter.in === 'query')
        .map(({ name, required }) => [name, required]);
    expect(query('searchPosts')).toEqual([
      ['limit', false],
      ['cursor', false],
      ['q', true],
    ]);
    expect(query('getPost')).toEqual([['include', false]]);
    expect(parametersIn('listRelationships')[0]).toEqual({
      name: 'accountIds',
      in: 'query',
      required: true,
      style: 'form',
      explode: false,
      schema: { type: 'array', minItems: 1, maxItems: 100, items: { $ref: '#/components/schemas/Id' } },
      example: ['1855647289012345678'],
    });
  });

  test('accept an Idempotency-Key with every POST, and If-None-Match where there is an ETag', () => {
    for (const route of routes) {
      const headers = parametersIn(route.operationId)
        .filter((parameter) => parameter.in === 'header')
        .map((parameter) => [parameter.name, parameter.required]);
      expect(headers).toEqual([
        ...(route.method === 'POST' ? [['Idempotency-Key', false]] : []),
        ...(route.metadata.cacheable === 'private' ? [['If-None-Match', false]] : []),
      ]);
    }
  });

  test('describe their headers', () => {
    for (const route of routes) {
      for (const [status, response] of responsesOf(route.operationId)) {
        const cached = route.metadata.cacheable === 'private' && ['200', '304'].includes(status);
        expect(Object.keys(response.headers ?? {}), `${route.operationId} ${status}`).toEqual([
          'RateLimit',
          'RateLimit-Policy',
          ...(status === '429' || status === '503' ? ['Retry-After'] : []),
          ...(cached ? ['ETag'] : []),
        ]);
      }
    }
  });

  test('describe who can use them', () => {
    const security = (operationId: string) => operationOf(operationId).operation.security;
    expect(security('createSession')).toEqual([]);
    expect(security('getPost')).toEqual([{}, { session: [] }, { personalAccessToken: [] }]);
    expect(security('createPost')).toEqual([{ session: [] }, { personalAccessToken: [] }]);
    expect(operationOf('removePost').operation).toMatchObject({
      'x-twite-scope': 'admin',
      'x-twite-role': 'moderator',
    });
    for (const route of routes) {
      const { auth, sessionOnly } = route.metadata;
      const kinds = { none: 0, optional: 3, required: sessionOnly ? 1 : 2 };
      expect(security(route.operationId)).toHaveLength(kinds[auth]);
    }
  });
});
