import { ContractError } from '@twite/contract';
import type { Caches } from './caches.ts';
import type { Statements } from './statements.ts';
import type { Writer } from './writer.ts';

/** What an adapter works with: reads on this thread, writes by the writer, and the caches between. */
export interface Store {
  readonly read: Statements;
  readonly writer: Writer;
  readonly caches: Caches;
}

/** Above every id: the start of a list that goes down. */
export const aboveAllIds = ':';

export const emptySet: ReadonlySet<string> = new Set<string>();
export const emptyCounts: ReadonlyMap<string, number> = new Map<string, number>();

/** Opaque to clients: any JSON value, in base64url. */
export const encodeCursor = (value: unknown): string =>
  Buffer.from(JSON.stringify(value)).toString('base64url');

/** @throws ContractError `invalid_input` when it is not of the form that `isValid` knows. */
export function decodeCursor<T>(cursor: string, isValid: (value: unknown) => value is T): T {
  try {
    const value: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (isValid(value)) return value;
  } catch {
    // Not JSON: answered below, as any other cursor that was not ours.
  }
  throw invalidCursor();
}

/** What a cursor that is none of the list's is answered with. */
export const invalidCursor = (): ContractError =>
  new ContractError('invalid_input', {
    errors: [{ in: 'query', path: 'cursor', code: 'invalid_cursor', message: 'Not a cursor of this list.' }],
  });
