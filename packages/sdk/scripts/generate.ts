import { contract, operationIds, problem } from '@twite/contract';
import { jsonSchemaOf } from './json-schema.ts';
import { methodNames } from './method-names.ts';
import type { NamedTypes } from './named-types.ts';
import { namedTypes } from './named-types.ts';
import { printClient, printOperations } from './print-operations.ts';
import type { ReadOperation, Route } from './read-operation.ts';
import { readOperation } from './read-operation.ts';

const header =
  '// Generated from @twite/contract by packages/sdk/scripts/generate.ts: do not edit, run `npm run generate`.\n';

/** Reads every operation; `routes` and `names` must agree, and no two operations may share a name. */
export function readOperations(
  routes: Readonly<Record<string, Route>>,
  names: Readonly<Record<string, string>>,
  types: NamedTypes,
): ReadOperation[] {
  const nameless = Object.keys(routes).filter((id) => names[id] === undefined);
  if (nameless.length > 0) throw new Error(`Without a name in method-names.ts: ${nameless.join(', ')}.`);
  const gone = Object.keys(names).filter((id) => routes[id] === undefined);
  if (gone.length > 0) throw new Error(`In method-names.ts, but not in the contract: ${gone.join(', ')}.`);
  const taken = new Map<string, string>();
  return Object.entries(routes).map(([id, route]) => {
    const name = names[id] as string;
    const other = taken.get(name);
    if (other !== undefined) throw new Error(`${id} and ${other} are both named ${name}.`);
    taken.set(name, id);
    return readOperation(id, name, route, types);
  });
}

/** All files of `src/generated`, by name. Pure: the same contract gives the same bytes. */
export async function generateSdk(): Promise<Map<string, string>> {
  const types = namedTypes();
  const routes = Object.fromEntries(operationIds.map((id) => [id, contract[id] as Route]));
  const operations = readOperations(routes, methodNames, types);
  // Every operation answers with it, whatever else it answers.
  for (const [name, schema] of jsonSchemaOf(problem, 'output').named) types.add(name, schema, 'output');
  return new Map([
    ['src/generated/types.ts', `${header}\nimport type { Page } from '../page.ts';\n\n${types.print()}`],
    ['src/generated/operations.ts', `${header}\n${printOperations(operations)}`],
    ['src/generated/client.ts', `${header}\n${printClient(operations)}`],
  ]);
}
