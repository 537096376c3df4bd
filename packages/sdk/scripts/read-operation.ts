import type { OperationMetadata } from '@twite/contract';
import type { Direction, JsonSchema } from './json-schema.ts';
import { isSchema, jsonSchemaOf, refName } from './json-schema.ts';
import type { NamedTypes } from './named-types.ts';
import { printType } from './print-type.ts';

/** An operation of the contract, as far as the generator looks at it. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly summary: string;
  readonly description?: string;
  readonly metadata: OperationMetadata;
  readonly pathParams?: unknown;
  readonly query?: unknown;
  readonly body?: unknown;
  readonly responses: Readonly<Record<number, unknown>>;
}

/** What is printed of an operation, in types and in the table. */
export interface ReadOperation {
  readonly id: string;
  readonly namespace: string;
  readonly name: string;
  readonly route: Route;
  readonly pathParams: readonly string[];
  readonly query: Readonly<Record<string, 'single' | 'commaSeparated'>>;
  readonly body: 'none' | 'optional' | 'required' | 'multipart';
  readonly status: number;
  readonly answer: 'nothing' | 'value' | 'page';
  /** The type of its input; undefined when it takes none. */
  readonly inputType: string | undefined;
  readonly inputOptional: boolean;
  /** The type of its answer, or of the items of its page. */
  readonly answerType: string;
  /** The type of its page, when that tells more than items and a cursor. */
  readonly pageType: string | undefined;
}

/** Whether the body consists of fields of the input. Forms are hand-written: callers pass a file as a `Blob` or path. */
const hasFields = { none: false, json: true, upload: false } as const satisfies Record<
  OperationMetadata['body'],
  boolean
>;

const answers = { empty: 'nothing', json: 'value', page: 'page' } as const satisfies Record<
  OperationMetadata['answer'],
  ReadOperation['answer']
>;

const pathParamsOf = (path: string): string[] =>
  [...path.matchAll(/:(\w+)/g)].map(([, name]) => name as string);

const pascal = (id: string): string => id.charAt(0).toUpperCase() + id.slice(1);

/** The object schema behind a reference. */
function objectOf(schema: JsonSchema, named: ReadonlyMap<string, JsonSchema>, where: string): JsonSchema {
  const name = refName(schema);
  const object = name === undefined ? schema : named.get(name);
  if (!object?.properties) throw new Error(`${where} is not an object, so it cannot be part of the input.`);
  return object;
}

interface Part {
  readonly object: JsonSchema;
  readonly name: string | undefined;
}

function readPart(source: unknown, direction: Direction, types: NamedTypes, where: string): Part | undefined {
  if (!isSchema(source)) return undefined;
  const { schema, named } = jsonSchemaOf(source, direction);
  for (const [name, definition] of named) types.add(name, definition, direction);
  return { object: objectOf(schema, named, where), name: refName(schema) };
}

/** The query as the caller gives it: typed by what the server makes of it, as optional as what is sent. */
function readQuery(source: unknown, types: NamedTypes, where: string): Part & Pick<ReadOperation, 'query'> {
  const sent = readPart(source, 'input', types, where);
  const made = readPart(source, 'output', types, where);
  if (!sent || !made) return { object: {}, name: undefined, query: {} };
  const query = Object.fromEntries(
    Object.entries(made.object.properties ?? {}).map(([name, { type }]) => [
      name,
      type === 'array' ? ('commaSeparated' as const) : ('single' as const),
    ]),
  );
  return {
    object: { properties: made.object.properties, required: sent.object.required },
    name: undefined,
    query,
  };
}

function readAnswer(
  route: Route,
  types: NamedTypes,
  where: string,
): Pick<ReadOperation, 'status' | 'answer' | 'answerType' | 'pageType'> {
  const statuses = Object.keys(route.responses)
    .map(Number)
    .filter((status) => status < 300);
  const [status] = statuses;
  if (status === undefined || statuses.length > 1)
    throw new Error(`${where} needs exactly one status of success.`);
  const answer = answers[route.metadata.answer];
  const source = route.responses[status];
  if (!isSchema(source)) return { status, answer, answerType: 'void', pageType: undefined };
  const { schema, named } = jsonSchemaOf(source, 'output');
  for (const [name, definition] of named) types.add(name, definition, 'output');
  if (answer !== 'page')
    return { status, answer, answerType: printType(schema, 'output'), pageType: undefined };
  const name = refName(schema);
  const page = name === undefined ? undefined : types.page(name);
  if (page === undefined) throw new Error(`The page that ${where} answers with needs a name.`);
  return { status, answer, answerType: page.item, pageType: page.tellsMore ? name : undefined };
}

/** The names of all inputs; one name in two places would make one of them unreachable. */
function checkNames(parts: readonly (readonly [string, JsonSchema])[], where: string): void {
  const seen = new Map<string, string>();
  for (const [place, schema] of parts) {
    for (const name of Object.keys(schema.properties ?? {})) {
      const other = seen.get(name);
      if (other !== undefined)
        throw new Error(`${where} has ${name} both in its ${other} and in its ${place}.`);
      seen.set(name, place);
    }
  }
}

const isOptional = (source: unknown): boolean =>
  typeof source === 'object' && source !== null && 'isOptional' in source
    ? (source as { isOptional(): boolean }).isOptional()
    : false;

export function readOperation(id: string, route: Route, types: NamedTypes): ReadOperation {
  const { sdk: methodName, body: bodyKind } = route.metadata;
  const [namespace, name, ...rest] = methodName.split('.');
  if (!namespace || !name || rest.length > 0)
    throw new Error(`${id} needs a name like posts.create, not ${methodName}.`);

  const pathParams = pathParamsOf(route.path);
  const path = readPart(route.pathParams, 'input', types, `The path of ${id}`)?.object ?? {};
  const declared = Object.keys(path.properties ?? {});
  if (declared.join() !== pathParams.join())
    throw new Error(`${id}: ${route.path} does not match ${declared.join()}.`);
  const query = readQuery(route.query, types, `The query of ${id}`);
  const body = hasFields[bodyKind] ? readPart(route.body, 'input', types, `The body of ${id}`) : undefined;
  const parts = { path, query: query.object, body: body?.object ?? {} };
  checkNames(Object.entries(parts), id);

  const bodyOptional = isOptional(route.body);
  const inherits = body?.name !== undefined && !bodyOptional;
  const bodyFields = body && !inherits ? body.object : {};
  const fields: JsonSchema = {
    properties: { ...path.properties, ...query.object.properties, ...bodyFields.properties },
    required: [
      ...(path.required ?? []),
      ...(query.object.required ?? []),
      ...(bodyOptional ? [] : (bodyFields.required ?? [])),
    ],
  };
  const base = inherits ? body.name : undefined;
  const ownFields = Object.keys(fields.properties ?? {}).length;
  let inputType: string | undefined = base;
  if (ownFields > 0) {
    inputType = `${pascal(id)}Input`;
    types.addInterface(inputType, { doc: `The input of \`${methodName}\`.`, base, fields });
  }
  const needed = [...(fields.required ?? []), ...((inherits && body?.object.required) || [])];

  return {
    id,
    namespace,
    name,
    route,
    pathParams,
    query: query.query,
    body:
      bodyKind === 'upload'
        ? 'multipart'
        : body === undefined
          ? 'none'
          : bodyOptional
            ? 'optional'
            : 'required',
    inputType,
    inputOptional: needed.length === 0,
    ...readAnswer(route, types, id),
  };
}
