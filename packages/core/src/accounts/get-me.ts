import type { Me } from '@twite/contract';
import { getActiveAccount } from './get-existing-account.ts';
import { type PresentAccountDeps, presentMe } from './present-account.ts';

export async function getMe(deps: PresentAccountDeps, viewerId: string): Promise<Me> {
  return presentMe(deps, await getActiveAccount(deps, viewerId));
}
