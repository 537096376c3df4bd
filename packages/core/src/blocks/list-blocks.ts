import type { Account, Page } from '@twite/contract';
import { listAccounts } from '../accounts/list-accounts.ts';
import type { Deps } from '../engine.ts';
import type { PageRequest } from '../page.ts';

/** The accounts that the viewer blocks, newest first. */
export const listBlocks = (
  deps: Pick<Deps, 'accounts' | 'blocks' | 'follows' | 'mediaUrl'>,
  viewerId: string,
  page: PageRequest,
): Promise<Page<Account>> =>
  listAccounts(deps, viewerId, page, (keys) => deps.blocks.list(viewerId, keys), { ownDeeds: true });
