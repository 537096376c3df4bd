import type { MediaTypeObject, ParameterObject, RequestBodyObject, ResponseObject } from 'openapi3-ts/oas31';
import { describe, expect, test } from 'vitest';
import { z } from 'zod4';
import { problem } from '../entities/problem.ts';
import { type ErrorCode, errorTable } from '../errors.ts';
import { generateOpenApi } from './document.ts';
import { type DocumentedRoute, documentedRoutes } from './route.ts';
import { sample } from './sample.ts';
import { dereferenced, operationsOf, resolve } from './testing/walk.ts';

const document = generateOpenApi({ version: '0' });
const operations = new Map(
  operationsOf(document).map(({ operation }) => [operation.operationId, operation] as const),
);

const exampleOf = (content: MediaTypeObject | undefined): unknown => {
  expect(content).toHaveProperty('example');
  return content?.example;
};

const bytesExample = '<the bytes of the file>';

/** A form as its operation receives it: with files in place of bytes. */
const asReceived = (example: unknown): unknown =>
  typeof example !== 'object' || example === null
    ? example
    : Object.fromEntries(
        Object.entries(example).map(([name, value]) => [
          name,
          value === bytesExample ? { path: '/tmp/file', bytes: 1, sha256: '00' } : value,
        ]),
      );

const schemaOfParameter = (route: DocumentedRoute, parameter: ParameterObject): z.ZodType | undefined => {
  const shapes = {
    path: route.pathParams?.shape,
    query: route.query?.shape,
    header: route.headers,
    cookie: undefined,
  };
  const shape = shapes[parameter.in] as Record<string, z.ZodType> | undefined;
  return shape?.[parameter.in === 'header' ? parameter.name.toLowerCase() : parameter.name];
};

describe.each(documentedRoutes().map((route) => [route.operationId, route] as const))('%s', (id, route) => {
  const operation = operations.get(id);

  test('its parameters have examples that it accepts in serialized form', () => {
    for (const made of operation?.parameters ?? []) {
      const parameter = dereferenced<ParameterObject>(document, made);
      expect(parameter).toHaveProperty('example');
      if (parameter.name === 'If-None-Match') continue;
      const schema = schemaOfParameter(route, parameter);
      // `form` without `explode`: a list is sent as comma-separated values.
      expect(schema?.safeParse(String(parameter.example)).error, parameter.name).toBeUndefined();
      expect(schema).toBeDefined();
    }
  });

  test('its request and successes have examples that their schemas accept', () => {
    if (route.body instanceof z.ZodType) {
      const body = operation?.requestBody as RequestBodyObject;
      const [content] = Object.values(body.content);
      const example = exampleOf(content);
      expect(route.body.safeParse(asReceived(example)).error).toBeUndefined();
    }
    for (const [status, schema] of Object.entries(route.responses)) {
      if (Number(status) >= 300 || !(schema instanceof z.ZodType)) continue;
      const response = operation?.responses?.[status] as ResponseObject;
      const example = exampleOf(response.content?.['application/json']);
      // Valid, and without anything that the schema does not define.
      expect(schema.parse(example)).toEqual(example);
    }
  });
});

test('every code has an example that is a problem of the table', () => {
  const examples = Object.keys(document.components?.examples ?? {}) as ErrorCode[];
  // These two are answered for paths without an operation.
  const elsewhere: ErrorCode[] = ['not_found', 'method_not_allowed'];
  expect([...examples, ...elsewhere].sort()).toEqual(Object.keys(errorTable).sort());
  for (const code of examples) {
    const { value } = resolve(document, `#/components/examples/${code}`) as { value: unknown };
    expect(problem.parse(value)).toEqual(value);
    const { status, title, detail } = errorTable[code];
    expect(value).toMatchObject({ code, status, title, detail });
    expect('errors' in (value as object)).toBe(code === 'invalid_input');
  }
});

describe('a sample', () => {
  test('is the example nearest to the use, or composed of the parts', () => {
    const components = { Name: { type: 'string', examples: ['far'] } } as const;
    const named = { $ref: '#/components/schemas/Name' };
    expect(sample(named, { Name: { type: 'string', examples: ['far'] } })).toBe('far');
    expect(
      sample({ ...named, examples: ['near'] } as typeof named, { ...components, Name: { type: 'string' } }),
    ).toBe('near');
    expect(
      sample(
        {
          type: 'object',
          properties: {
            list: { type: 'array', items: { type: 'integer', minimum: 4 } },
            either: { anyOf: [{ type: 'null' }, { type: 'string' }] },
            long: { type: 'string', minLength: 6 },
            short: { type: 'string', maxLength: 2 },
            yes: { type: 'boolean' },
            one: { const: 'one' },
          },
        },
        {},
      ),
    ).toEqual({ list: [4], either: null, long: 'text..', short: 'te', yes: true, one: 'one' });
  });

  test('fails where only the author can give an example', () => {
    expect(() => sample({ type: 'string', pattern: '^a$' }, {})).toThrow(/\^a\$/);
    expect(() => sample({ $ref: '#/components/schemas/Nothing' }, {})).toThrow(/Nothing/);
  });
});
