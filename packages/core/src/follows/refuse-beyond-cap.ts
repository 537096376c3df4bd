import { ContractError, type ErrorCode } from '@twite/contract';

/** Refuses to go beyond `max`. Repeating an existing item is allowed: `isThere` is called only at the cap. */
export async function refuseBeyondCap(
  code: ErrorCode,
  { count, max, isThere }: { count: number; max: number; isThere: () => Promise<boolean> },
): Promise<void> {
  if (count >= max && !(await isThere())) throw new ContractError(code);
}
