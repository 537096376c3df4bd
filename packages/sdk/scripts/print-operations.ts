import type { ErrorCode } from '@twite/contract';
import { docComment, literal } from './print-type.ts';
import type { ReadOperation } from './read-operation.ts';

/** Codes that follow from what an operation is, so that no operation need list them for itself. */
const everywhere: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'malformed_json',
  'malformed_form',
  'request_timeout',
  'malformed_path',
  'unauthenticated',
  'invalid_token',
  'insufficient_scope',
  'insufficient_role',
  'idempotency_in_flight',
  'idempotency_mismatch',
  'payload_too_large',
  'unsupported_media_type',
  'invalid_input',
  'rate_limited',
  'internal_error',
  'overloaded',
  'unavailable',
]);

const printRecord = (record: Readonly<Record<string, unknown>>): string => {
  const fields = Object.entries(record).map(([name, value]) => `${name}: ${literal(value)}`);
  return `{ ${fields.join(', ')} }`;
};

/** What most operations are like: rows say only what is different. */
const usual = { body: 'none', status: 200, answer: 'value', auth: 'required' };

/** Short, since every program that uses the SDK carries it: the rest follows from method and path. */
function printRow(operation: ReadOperation): string {
  const { id, namespace, name, route, body, status, answer, query } = operation;
  const { auth, idempotent, idempotencyKey } = route.metadata;
  const isPost = route.method === 'POST';
  if (idempotent === isPost || idempotencyKey !== isPost) {
    throw new Error(`${id}: a ${route.method} ${isPost ? 'takes' : 'needs no'} Idempotency-Key.`);
  }
  const unusual = Object.entries({ body, status, answer, auth }).filter(
    ([field, value]) => value !== usual[field as keyof typeof usual],
  );
  const details = [
    ...unusual.map(([field, value]) => `${field}: ${literal(value)}`),
    ...(Object.keys(query).length > 0 ? [`query: ${printRecord(query)}`] : []),
  ];
  const extra = details.length > 0 ? `, { ${details.join(', ')} }` : '';
  return `    ${id}: [${literal(`${namespace}.${name}`)}, ${literal(`${route.method} ${route.path}`)}${extra}],\n`;
}

/** The table that the runtime obeys. */
export function printOperations(operations: readonly ReadOperation[]): string {
  return [
    "import type { OperationDefinition } from '../operation.ts';",
    "import { operationTable } from '../operation-table.ts';\n",
    `export type OperationId =\n${operations.map(({ id }) => `  | ${literal(id)}`).join('\n')};\n`,
    '/** Every operation of the contract: how it is called over HTTP, and as what in the SDK. */',
    'export const operations: Readonly<Record<OperationId, OperationDefinition>> = operationTable(',
    `  ${printRecord(usual)},`,
    `  {\n${operations.map(printRow).join('')}  },\n);\n`,
  ].join('\n');
}

function notesOf({ route, answer }: ReadOperation): (string | undefined)[] {
  const { auth, role, scope, errors } = route.metadata;
  const own = errors.filter((code) => !everywhere.has(code)).map((code) => `\`${code}\``);
  const access = {
    none: 'Needs no account.',
    optional: `Works signed out; a token needs the scope \`${scope}\`.`,
    required: `Needs an account${role === 'user' ? '' : ` with the role ${role}`} and the scope \`${scope}\`.`,
  };
  return [
    `${route.summary}.`,
    route.description,
    answer === 'page' ? 'Await it for the first page, or iterate over all items.' : undefined,
    own.length > 0 ? `${access[auth]} Can fail with ${own.join(', ')}.` : access[auth],
  ];
}

function printMethod(operation: ReadOperation): string {
  if (operation.body === 'multipart') return printUpload(operation);
  const { inputType, inputOptional, answer, answerType, pageType } = operation;
  const input = `input${inputOptional ? '?' : ''}: ${inputType ?? 'NoInput'}`;
  const page = pageType === undefined ? '' : `, ${pageType}`;
  const result = `${answer === 'page' ? 'PageRequest' : 'TwiteCall'}<${answerType}${page}>`;
  return `${docComment(notesOf(operation), '  ')}  ${operation.name}(${input}, options?: CallOptions): ${result};\n`;
}

function printUpload(operation: ReadOperation): string {
  return `${docComment(notesOf(operation), '  ')}  ${operation.name}(source: UploadSource, options?: UploadOptions): TwiteCall<${operation.answerType}>;\n`;
}

/** The methods of the client, a namespace an interface. */
export function printClient(operations: readonly ReadOperation[]): string {
  const namespaces = Map.groupBy(operations, ({ namespace }) => namespace);
  const interfaceName = (namespace: string): string =>
    `${namespace.charAt(0).toUpperCase()}${namespace.slice(1)}Operations`;

  const used = new Set<string>();
  for (const { inputType, answerType, pageType, answer } of operations) {
    if (inputType !== undefined) used.add(inputType);
    if (pageType !== undefined) used.add(pageType);
    if (answer === 'nothing') continue;
    if (!/^\w+$/.test(answerType)) throw new Error(`An answer needs a name: ${answerType}`);
    used.add(answerType);
  }
  const interfaces = [...namespaces].map(
    ([namespace, members]) =>
      `export interface ${interfaceName(namespace)} {\n${members.map(printMethod).join('\n')}}\n`,
  );
  const fields = [...namespaces.keys()].map((name) => `  readonly ${name}: ${interfaceName(name)};\n`);
  return [
    "import type { CallOptions, NoInput } from '../operation.ts';",
    "import type { PageRequest } from '../page.ts';",
    "import type { TwiteCall } from '../response.ts';",
    ...(operations.some(({ body }) => body === 'multipart')
      ? ["import type { UploadOptions, UploadSource } from '../upload/upload-options.ts';"]
      : []),
    `import type {\n${[...used]
      .sort()
      .map((name) => `  ${name},\n`)
      .join('')}} from './types.ts';\n`,
    ...interfaces,
    '/** Every operation of the contract, by namespace. */',
    `export interface TwiteOperations {\n${fields.join('')}}\n`,
  ].join('\n');
}
