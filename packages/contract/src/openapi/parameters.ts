import type { ParameterLocation, ParameterObject, SchemaObject } from 'openapi3-ts/oas31';
import { z } from 'zod4';
import { commaSeparatedMark } from '../entities/page.ts';
import type { DocumentedRoute } from './route.ts';
import { sample } from './sample.ts';
import type { SchemaRegistry } from './schemas.ts';

/** ts-rest uses lower-case header names; documents use the conventional spelling. */
const spelled = (header: string): string =>
  header.replace(/(^|-)([a-z])/g, (_match, dash: string, letter: string) => dash + letter.toUpperCase());

function parameter(
  where: ParameterLocation,
  name: string,
  schema: z.ZodType,
  registry: SchemaRegistry,
): ParameterObject {
  const list = z.globalRegistry.get(schema)?.[commaSeparatedMark] === true;
  // A list is sent as a string; its schema is that of the array it is parsed into.
  const made = registry.schemaOf(schema, list ? 'output' : 'input') as SchemaObject;
  const { [commaSeparatedMark]: _mark, description, ...described } = made;
  return {
    name: where === 'header' ? spelled(name) : name,
    in: where,
    ...(description === undefined ? {} : { description }),
    required: where === 'path' || !schema.safeParse(undefined).success,
    ...(list ? { style: 'form', explode: false } : {}),
    schema: described,
    example: sample(described, registry.components),
  };
}

const ifNoneMatch: ParameterObject = {
  name: 'If-None-Match',
  in: 'header',
  description:
    'The ETag of an earlier response. If nothing changed, the server responds with 304 and no body.',
  required: false,
  schema: { type: 'string' },
  example: 'W/"7d1c-5f2a9e"',
};

/** All parameters of an operation: path, query and headers. */
export function parametersOf(route: DocumentedRoute, registry: SchemaRegistry): ParameterObject[] {
  const of = (where: ParameterLocation, shape: Readonly<Record<string, z.core.$ZodType>> = {}) =>
    Object.entries(shape).map(([name, schema]) => parameter(where, name, schema as z.ZodType, registry));
  return [
    ...of('path', route.pathParams?.shape),
    ...of('query', route.query?.shape),
    ...of('header', route.headers),
    ...(route.metadata.cacheable === 'private' ? [ifNoneMatch] : []),
  ];
}
