import { isReferenceObject, type ReferenceObject, type SchemaObject } from 'openapi3-ts/oas31';
import { schemaPrefix } from './schemas.ts';

type Components = Readonly<Record<string, SchemaObject>>;

/** The schema itself, or what it refers to. */
export function resolved(schema: SchemaObject | ReferenceObject, components: Components): SchemaObject {
  if (!isReferenceObject(schema)) return schema;
  const target = components[schema.$ref.slice(schemaPrefix.length)];
  if (!target) throw new Error(`Nothing is at ${schema.$ref}`);
  return target;
}

/**
 * An example of a schema, the same each time: its own first example, else its constant, first choice or default, else
 * one made of its parts, optional ones included.
 *
 * @throws Error when a text that has a pattern has no example: none can be guessed.
 */
export function sample(schema: SchemaObject | ReferenceObject, components: Components): unknown {
  // An annotation beside a `$ref` is closer to the use than what it refers to.
  const near = schema as SchemaObject;
  if (near.examples?.length) return near.examples[0];
  if (near.default !== undefined) return near.default;
  if (isReferenceObject(schema)) return sample(resolved(schema, components), components);
  if (schema.const !== undefined) return schema.const;
  if (schema.enum) return schema.enum[0];
  const [choice] = schema.anyOf ?? schema.oneOf ?? [];
  if (choice) return sample(choice, components);
  return sampleOfType(schema, components);
}

function sampleOfType(schema: SchemaObject, components: Components): unknown {
  const type = Array.isArray(schema.type) ? schema.type[0] : schema.type;
  switch (type) {
    case 'object':
      return Object.fromEntries(
        Object.entries(schema.properties ?? {}).map(([name, inner]) => [name, sample(inner, components)]),
      );
    case 'array':
      return schema.items ? [sample(schema.items, components)] : [];
    case 'string':
      if (schema.pattern) throw new Error(`Give an example of ${schema.pattern}`);
      return 'text'.slice(0, schema.maxLength).padEnd(schema.minLength ?? 0, '.');
    case 'integer':
    case 'number':
      return schema.minimum ?? 0;
    case 'boolean':
      return true;
    default:
      return null;
  }
}
