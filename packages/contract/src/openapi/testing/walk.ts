import type { OpenAPIObject, OperationObject, ReferenceObject, SchemaObject } from 'openapi3-ts/oas31';

type Json = Readonly<Record<string, unknown>>;
const isObject = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/**
 * Every object of a JSON value with its JSON pointer. Skips examples: their content is data, not part of the document.
 */
export function* objectsOf(value: unknown, pointer = '#'): Generator<readonly [pointer: string, Json]> {
  if (Array.isArray(value)) {
    for (const [index, inner] of value.entries()) yield* objectsOf(inner, `${pointer}/${index}`);
  } else if (isObject(value)) {
    yield [pointer, value];
    for (const [key, inner] of Object.entries(value)) {
      const data = key === 'example' || key === 'default' || (key === 'examples' && Array.isArray(inner));
      if (!data && !(key === 'value' && pointer.startsWith('#/components/examples/'))) {
        yield* objectsOf(inner, `${pointer}/${key.replaceAll('~', '~0').replaceAll('/', '~1')}`);
      }
    }
  }
}

/** The target of a local reference, or undefined. */
export function resolve(document: OpenAPIObject, ref: string): unknown {
  let at: unknown = document;
  for (const token of ref.replace(/^#\//, '').split('/')) {
    const key = token.replaceAll('~1', '/').replaceAll('~0', '~');
    at = isObject(at) && Object.hasOwn(at, key) ? at[key] : undefined;
  }
  return at;
}

/** The object itself, or the one it references. */
export function dereferenced<T extends object>(document: OpenAPIObject, value: T | ReferenceObject): T {
  if (!('$ref' in value) || typeof value.$ref !== 'string') return value as T;
  return resolve(document, value.$ref) as T;
}

export interface PlacedOperation {
  readonly path: string;
  readonly method: string;
  readonly operation: OperationObject;
}

export const operationsOf = (document: OpenAPIObject): PlacedOperation[] =>
  Object.entries(document.paths ?? {}).flatMap(([path, item]) =>
    Object.entries(item).map(([method, operation]) => ({
      path,
      method,
      operation: operation as OperationObject,
    })),
  );

/** Every schema of the document, including nested ones and components, with its JSON pointer. */
export function* schemasOf(document: OpenAPIObject): Generator<readonly [pointer: string, SchemaObject]> {
  for (const [name, schema] of Object.entries(document.components?.schemas ?? {})) {
    yield* withinSchema(schema, `#/components/schemas/${name}`);
  }
  for (const [pointer, value] of objectsOf(document)) {
    if (pointer.startsWith('#/components/schemas')) continue;
    // `schema` is a keyword of parameters, headers and media types only.
    if ('schema' in value) yield* withinSchema(value.schema, `${pointer}/schema`);
  }
}

const singles = ['items', 'additionalProperties', 'propertyNames', 'not'];
const lists = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];

function* withinSchema(schema: unknown, pointer: string): Generator<readonly [string, SchemaObject]> {
  if (!isObject(schema)) return;
  yield [pointer, schema as SchemaObject];
  for (const key of singles) yield* withinSchema(schema[key], `${pointer}/${key}`);
  for (const key of lists) {
    for (const [index, inner] of ((schema[key] as unknown[] | undefined) ?? []).entries()) {
      yield* withinSchema(inner, `${pointer}/${key}/${index}`);
    }
  }
  for (const [name, inner] of Object.entries((schema.properties as Json | undefined) ?? {})) {
    yield* withinSchema(inner, `${pointer}/properties/${name}`);
  }
}
