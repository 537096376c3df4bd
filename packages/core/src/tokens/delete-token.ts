import { ContractError } from '@twite/contract';
import type { Engine } from '../engine.ts';

/** Throws `token_not_found`. */
export async function deleteToken(
  deps: Pick<Engine, 'tokens'>,
  accountId: string,
  tokenId: string,
): Promise<void> {
  if (!(await deps.tokens.delete(accountId, tokenId))) throw new ContractError('token_not_found');
}
