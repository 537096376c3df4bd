import { invalidCursor } from '../invalid-cursor.ts';

/**
 * Where a page of found accounts ended: among the matches by handle, or among the matches by name, which follow them.
 */
export type AccountPlace =
  | readonly ['handle', key: string]
  | readonly ['name', suffix: string, accountId: string];

/** Encodes a place as a cursor, opaque to clients. */
export const accountCursor = (place: AccountPlace): string =>
  Buffer.from(JSON.stringify(place)).toString('base64url');

/** @throws ContractError `invalid_input` if `accountCursor` did not make it. */
export function readAccountCursor(cursor: string | undefined): AccountPlace {
  if (cursor === undefined) return ['handle', ''];
  try {
    const place: unknown = JSON.parse(Buffer.from(cursor, 'base64url').toString());
    if (isAccountPlace(place)) return place;
  } catch {
    // Not JSON: handled below like any other foreign cursor.
  }
  throw invalidCursor();
}

function isAccountPlace(value: unknown): value is AccountPlace {
  if (!Array.isArray(value) || !value.every((part) => typeof part === 'string')) return false;
  return (value[0] === 'handle' && value.length === 2) || (value[0] === 'name' && value.length === 3);
}
