import { ContractError } from '@twite/contract';
import { Unavailable } from '@twite/core/unavailable';

const FULL_RETRY_AFTER_SECONDS = 30;

const codeOf = (error: unknown): string | undefined =>
  error instanceof Error && 'code' in error && 'syscall' in error ? String(error.code) : undefined;

export const isMissing = (error: unknown): boolean => codeOf(error) === 'ENOENT';
export const isThere = (error: unknown): boolean => codeOf(error) === 'EEXIST';
const isNoSpace = (error: unknown): boolean => ['ENOSPC', 'EDQUOT'].includes(codeOf(error) ?? '');

/** Converts an error of the file system, such as a full or failing disk, to the errors of the blob store. */
export function toBlobError(error: unknown): unknown {
  if (codeOf(error) === undefined) return error;
  if (isNoSpace(error)) {
    return new ContractError('storage_full', { retryAfterSeconds: FULL_RETRY_AFTER_SECONDS, cause: error });
  }
  return new Unavailable('objects', error);
}

/** Runs a file operation, and converts errors of the file system to those of the blob store. */
export async function withFiles<T>(act: () => Promise<T>): Promise<T> {
  try {
    return await act();
  } catch (error) {
    throw toBlobError(error);
  }
}

/** Returns undefined if the file or its folder does not exist. */
export async function unlessMissing<T>(act: Promise<T>): Promise<T | undefined> {
  try {
    return await act;
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}
