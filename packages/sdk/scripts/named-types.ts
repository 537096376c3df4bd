import { isDeepStrictEqual } from 'node:util';
import type { Direction, JsonSchema } from './json-schema.ts';
import { refName } from './json-schema.ts';
import { docComment, printFields, printType } from './print-type.ts';

/** The named types met so far, by name: each is printed once, however many operations use it. */
export interface NamedTypes {
  add(name: string, schema: JsonSchema, direction: Direction): void;
  addInterface(name: string, source: InterfaceSource): void;
  /** What the named type is a page of, when it is a page of a list. */
  page(name: string): PageOf | undefined;
  print(): string;
}

/** A page of a list. */
export interface PageOf {
  /** The name of the item type. */
  readonly item: string;
  /** Whether it tells more than items and a cursor: then it is a type of its own. */
  readonly tellsMore: boolean;
}

/** An interface that the contract has no name for. */
export interface InterfaceSource {
  readonly doc: string;
  /** The named type that it extends. */
  readonly base: string | undefined;
  readonly fields: JsonSchema;
}

function pageOf(schema: JsonSchema): (PageOf & { readonly more: JsonSchema }) | undefined {
  const { items, nextCursor, ...others } = schema.properties ?? {};
  if (!items?.items || !nextCursor) return undefined;
  return {
    item: printType(items.items, 'output'),
    tellsMore: Object.keys(others).length > 0,
    more: { properties: others, required: schema.required ?? [] },
  };
}

export function namedTypes(): NamedTypes {
  const schemas = new Map<string, { schema: JsonSchema; direction: Direction }>();
  const interfaces = new Map<string, InterfaceSource>();

  const claim = (name: string): void => {
    if (!/^[A-Z]\w*$/.test(name)) throw new Error(`Not a name for a type: ${name}`);
    if (schemas.has(name) || interfaces.has(name)) throw new Error(`Two types are named ${name}.`);
  };

  const printSchema = (name: string, schema: JsonSchema, direction: Direction): string => {
    const doc = docComment([schema.description], '');
    const page = pageOf(schema);
    if (page?.tellsMore) {
      return `${doc}export interface ${name} extends Page<${page.item}> {\n${printFields(page.more, direction, '  ')}}\n`;
    }
    if (page !== undefined) return `${doc}export type ${name} = Page<${page.item}>;\n`;
    if (schema.properties && refName(schema) === undefined) {
      return `${doc}export interface ${name} {\n${printFields(schema, direction, '  ')}}\n`;
    }
    const members = printType(schema, direction).split(' | ');
    const union = members.length > 5 ? `\n  | ${members.join('\n  | ')}` : ` ${members.join(' | ')}`;
    return `${doc}export type ${name} =${union};\n`;
  };

  const printInterface = (name: string, { doc, base, fields }: InterfaceSource): string => {
    const heritage = base === undefined ? '' : ` extends ${base}`;
    return `${docComment([doc], '')}export interface ${name}${heritage} {\n${printFields(fields, 'input', '  ')}}\n`;
  };

  return {
    add(name, schema, direction) {
      const known = schemas.get(name);
      if (known === undefined) {
        claim(name);
        schemas.set(name, { schema, direction });
      } else if (!isDeepStrictEqual(known.schema, schema)) {
        throw new Error(
          `${name} is not the same everywhere: sent and answered types need names of their own.`,
        );
      }
    },
    addInterface(name, source) {
      claim(name);
      interfaces.set(name, source);
    },
    page(name) {
      const known = schemas.get(name);
      return known && pageOf(known.schema);
    },
    print() {
      const printed = new Map<string, string>();
      for (const [name, { schema, direction }] of schemas) {
        printed.set(name, printSchema(name, schema, direction));
      }
      for (const [name, source] of interfaces) printed.set(name, printInterface(name, source));
      return [...printed]
        .sort(([a], [b]) => (a < b ? -1 : 1))
        .map(([, text]) => text)
        .join('\n');
    },
  };
}
