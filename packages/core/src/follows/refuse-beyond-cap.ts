import { ContractError, type ErrorCode } from '@twite/contract';

/** Refuses one more than `max`. Repeating what is there already is allowed: `isThere` is asked only at the cap. */
export async function refuseBeyondCap(
  code: ErrorCode,
  { count, max, isThere }: { count: number; max: number; isThere: () => Promise<boolean> },
): Promise<void> {
  if (count >= max && !(await isThere())) throw new ContractError(code);
}
