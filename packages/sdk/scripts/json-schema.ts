/** The part of JSON Schema that zod writes for the contract; anything else stops the generator. */
export interface JsonSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, JsonSchema>>;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly anyOf?: readonly JsonSchema[];
  readonly items?: JsonSchema;
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: boolean | JsonSchema;
  readonly description?: string;
  readonly default?: unknown;
}

/** `input`: what a client sends, where defaults are optional. `output`: what the server makes or answers. */
export type Direction = 'input' | 'output';

/** What the generator needs of a zod schema; asking the schema itself keeps zod out of this package. */
export interface Schema {
  array(): { toJSONSchema(parameters: { io: Direction }): unknown };
}

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && 'array' in value && 'toJSONSchema' in value;
}

/** The JSON schema of a zod schema; every named schema in it, itself too, is under `named`. */
export function jsonSchemaOf(
  schema: Schema,
  io: Direction,
): { schema: JsonSchema; named: ReadonlyMap<string, JsonSchema> } {
  // In an array, since zod writes a named schema as a reference anywhere but at the root.
  const root = schema.array().toJSONSchema({ io }) as JsonSchema;
  if (!root.items) throw new Error('An array schema came out without items.');
  return { schema: root.items, named: new Map(Object.entries(root.$defs ?? {})) };
}

export function refName(schema: JsonSchema): string | undefined {
  return schema.$ref?.replace('#/$defs/', '');
}
