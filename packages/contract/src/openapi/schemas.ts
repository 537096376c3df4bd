import type { ReferenceObject, SchemaObject } from 'openapi3-ts/oas31';
import { z } from 'zod4';

/** `input`: sent by clients; `output`: sent by the server. */
export type Direction = 'input' | 'output';

/** Converts zod schemas to OpenAPI, and collects those with an id as components. */
export interface SchemaRegistry {
  readonly components: Readonly<Record<string, SchemaObject>>;
  /** The schema itself, or a `$ref` if it has an id. */
  schemaOf(schema: z.ZodType, direction: Direction): SchemaObject | ReferenceObject;
}

const zodPrefix = '#/$defs/';
export const schemaPrefix = '#/components/schemas/';

/** Rewrites references to zod's definitions as references to components. */
function relocated(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(relocated);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) =>
      key === '$ref' && typeof inner === 'string' && inner.startsWith(zodPrefix)
        ? [key, schemaPrefix + inner.slice(zodPrefix.length)]
        : [key, relocated(inner)],
    ),
  );
}

/**
 * Client generators assume that a member with a `default` is always present, and require it in requests too: the
 * description states the default instead.
 */
function withoutDefaults(properties: Readonly<Record<string, unknown>> = {}): void {
  for (const property of Object.values(properties) as SchemaObject[]) {
    if (property.default === undefined) continue;
    const told = `Default: \`${JSON.stringify(property.default)}\`.`;
    property.description = property.description === undefined ? told : `${property.description} ${told}`;
    property.examples ??= [property.default];
    delete property.default;
  }
}

export function schemaRegistry(): SchemaRegistry {
  const components: Record<string, SchemaObject> = {};

  // A schema that clients both send and receive must be the same in both directions, and an id must identify one
  // schema.
  const register = (id: string, schema: SchemaObject): void => {
    const known = components[id];
    if (known && JSON.stringify(known) !== JSON.stringify(schema)) {
      throw new Error(`Two different schemas have the id ${id}`);
    }
    components[id] = schema;
  };

  return {
    components,
    schemaOf(schema, direction) {
      const {
        $schema: _dialect,
        $defs,
        ...root
      } = z.toJSONSchema(schema, {
        io: direction,
        target: 'draft-2020-12',
        override({ zodSchema, jsonSchema }) {
          // Zod drops unknown members of a plain object; clients must tolerate new ones in later versions.
          if (zodSchema._zod.def.type === 'object' && !zodSchema._zod.def.catchall) {
            delete jsonSchema.additionalProperties;
          }
          // The bounds of a double are not one of our rules.
          if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum;
          // Generated clients parse a date-time into a separate type, to which no pattern applies.
          if (jsonSchema.format === 'date-time') delete jsonSchema.pattern;
          if (direction === 'input') withoutDefaults(jsonSchema.properties);
          delete jsonSchema.id;
        },
      });
      for (const [id, definition] of Object.entries($defs ?? {})) {
        register(id, relocated(definition) as SchemaObject);
      }
      return relocated(root) as SchemaObject | ReferenceObject;
    },
  };
}
