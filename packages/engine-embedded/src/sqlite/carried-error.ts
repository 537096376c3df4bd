import { ContractError, type ErrorCode, type InputIssue } from '@twite/contract/errors';

/**
 * An error in transfer between threads: `postMessage` keeps only the message, the stack and the cause of an `Error`.
 */
export interface CarriedError {
  readonly error: Error;
  readonly contract:
    | {
        readonly code: ErrorCode;
        readonly errors: readonly InputIssue[] | undefined;
        readonly retryAfterSeconds: number | undefined;
      }
    | undefined;
  /** Fields added by drivers, such as SQLite's `errcode`. */
  readonly fields: Readonly<Record<string, string | number>>;
}

export function carryError(thrown: unknown): CarriedError {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (error instanceof ContractError) {
    const { code, errors, retryAfterSeconds } = error;
    return { error, contract: { code, errors, retryAfterSeconds }, fields: {} };
  }
  const isPlain = ([, value]: [string, unknown]) => typeof value === 'string' || typeof value === 'number';
  return { error, contract: undefined, fields: Object.fromEntries(Object.entries(error).filter(isPlain)) };
}

export function receiveError({ error, contract, fields }: CarriedError): Error {
  if (contract === undefined) return Object.assign(error, fields);
  const { code, errors, retryAfterSeconds } = contract;
  return new ContractError(code, {
    detail: error.message,
    cause: error,
    ...(errors === undefined ? {} : { errors }),
    ...(retryAfterSeconds === undefined ? {} : { retryAfterSeconds }),
  });
}
