import { contract, operationIds, problem } from '@twite/contract';
import { jsonSchemaOf } from './json-schema.ts';
import type { NamedTypes } from './named-types.ts';
import { namedTypes } from './named-types.ts';
import { printClient, printOperations } from './print-operations.ts';
import type { ReadOperation, Route } from './read-operation.ts';
import { readOperation } from './read-operation.ts';

const header =
  '// Generated from @twite/contract by packages/sdk/scripts/generate.ts: do not edit, run `npm run generate`.\n';

/** Reads every operation. No two operations may share a name. */
export function readOperations(routes: Readonly<Record<string, Route>>, types: NamedTypes): ReadOperation[] {
  const taken = new Map<string, string>();
  return Object.entries(routes).map(([id, route]) => {
    const name = route.metadata.sdk;
    const other = taken.get(name);
    if (other !== undefined) throw new Error(`${id} and ${other} are both named ${name}.`);
    taken.set(name, id);
    return readOperation(id, route, types);
  });
}

/** All files of `src/generated`, by name. Pure: the same contract gives the same bytes. */
export async function generateSdk(): Promise<Map<string, string>> {
  const types = namedTypes();
  const routes = Object.fromEntries(operationIds.map((id) => [id, contract[id] as Route]));
  const operations = readOperations(routes, types);
  // Every operation answers with it, whatever else it answers.
  for (const [name, schema] of jsonSchemaOf(problem, 'output').named) types.add(name, schema, 'output');
  return new Map([
    ['src/generated/types.ts', `${header}\nimport type { Page } from '../page.ts';\n\n${types.print()}`],
    ['src/generated/operations.ts', `${header}\n${printOperations(operations)}`],
    ['src/generated/client.ts', `${header}\n${printClient(operations)}`],
  ]);
}
