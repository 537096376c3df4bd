import { isReferenceObject, type ReferenceObject, type SchemaObject } from 'openapi3-ts/oas31';
import { schemaPrefix } from './schemas.ts';

type Components = Readonly<Record<string, SchemaObject>>;

/** The schema itself, or the one it references. */
export function resolved(schema: SchemaObject | ReferenceObject, components: Components): SchemaObject {
  if (!isReferenceObject(schema)) return schema;
  const target = components[schema.$ref.slice(schemaPrefix.length)];
  if (!target) throw new Error(`Nothing is at ${schema.$ref}`);
  return target;
}

/**
 * A deterministic example of a schema: its own first example, otherwise its constant, first choice or default,
 * otherwise one composed of its parts, including optional ones.
 *
 * @throws Error when a string schema with a pattern has no example, because none can be guessed.
 */
export function sample(schema: SchemaObject | ReferenceObject, components: Components): unknown {
  // An annotation next to a `$ref` is more specific than the referenced schema.
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
