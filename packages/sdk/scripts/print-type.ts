import type { Direction, JsonSchema } from './json-schema.ts';
import { refName } from './json-schema.ts';

const identifier = /^[A-Za-z_$][\w$]*$/;

export function literal(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return `'${JSON.stringify(value).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")}'`;
}

/** A doc comment, or nothing when there is nothing to say. */
export function docComment(paragraphs: readonly (string | undefined)[], indent: string): string {
  const lines = paragraphs.filter((line) => line !== undefined && line !== '') as string[];
  if (lines.length === 0) return '';
  for (const line of lines) {
    if (line.includes('*/') || line.includes('\n')) throw new Error(`Not fit for a comment: ${line}`);
  }
  if (lines.length === 1) return `${indent}/** ${lines[0]} */\n`;
  return `${indent}/**\n${lines.map((line) => `${indent} * ${line}\n`).join(`${indent} *\n`)}${indent} */\n`;
}

const describeField = (schema: JsonSchema): string | undefined => {
  const fallback = schema.default === undefined ? undefined : `Default: \`${literal(schema.default)}\`.`;
  return [schema.description, fallback].filter((part) => part !== undefined).join(' ') || undefined;
};

/** The fields of an object schema, one a line, ready to stand between braces. */
export function printFields(schema: JsonSchema, direction: Direction, indent: string): string {
  const required = new Set(schema.required);
  return Object.entries(schema.properties ?? {})
    .map(([name, field]) => {
      const key = identifier.test(name) ? name : literal(name);
      const type = printType(field, direction, indent);
      // What is sent may be passed as undefined; `undefined` is never answered.
      const optional = required.has(name) ? '' : '?';
      const orUndefined = optional && direction === 'input' ? ' | undefined' : '';
      return `${docComment([describeField(field)], indent)}${indent}${key}${optional}: ${type}${orUndefined};\n`;
    })
    .join('');
}

const primitives: Readonly<Record<string, string>> = {
  string: 'string',
  integer: 'number',
  number: 'number',
  boolean: 'boolean',
  null: 'null',
};

function printArray(schema: JsonSchema, direction: Direction, indent: string): string {
  if (!schema.items) throw new Error('An array says nothing of its items.');
  const item = printType(schema.items, direction, indent);
  const bracketed = /^[\w$]+$|^\{[\s\S]*\}$/.test(item) ? item : `(${item})`;
  return `${direction === 'input' ? 'readonly ' : ''}${bracketed}[]`;
}

function printObject(schema: JsonSchema, direction: Direction, indent: string): string {
  if (schema.properties) {
    return `{\n${printFields(schema, direction, `${indent}  `)}${indent}}`;
  }
  if (typeof schema.additionalProperties === 'object') {
    return `Record<string, ${printType(schema.additionalProperties, direction, indent)}>`;
  }
  throw new Error('An object says nothing of its properties.');
}

/** A JSON schema as a TypeScript type. Fails on what it does not know: `unknown` would hide a mistake. */
export function printType(schema: JsonSchema, direction: Direction, indent = ''): string {
  const name = refName(schema);
  if (name !== undefined) return name;
  if (schema.const !== undefined) return literal(schema.const);
  if (schema.enum) return schema.enum.map(literal).join(' | ');
  if (schema.anyOf) return schema.anyOf.map((member) => printType(member, direction, indent)).join(' | ');
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? []);
  if (types.length === 0) throw new Error(`A schema without a type: ${JSON.stringify(schema)}`);
  return types
    .map((type) => {
      if (type === 'array') return printArray(schema, direction, indent);
      if (type === 'object') return printObject(schema, direction, indent);
      const primitive = primitives[type];
      if (primitive === undefined) throw new Error(`A type without a name in TypeScript: ${type}`);
      return primitive;
    })
    .join(' | ');
}
