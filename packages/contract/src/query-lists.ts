import { z } from 'zod4';
import { contract, type OperationId } from './contract.ts';
import { commaSeparatedMark } from './entities/page.ts';

/** The query parameters of an operation that accept several values. */
export function queryListsOf(operationId: OperationId): string[] {
  const { query } = contract[operationId] as { readonly query?: unknown };
  if (!(query instanceof z.ZodObject)) return [];
  return Object.entries(query.shape)
    .filter(([, schema]) => z.globalRegistry.get(schema as z.ZodType)?.[commaSeparatedMark] === true)
    .map(([name]) => name);
}
