import type { Page, Token } from '@twite/contract';
import type { Engine } from '../engine.ts';
import { fillPage, type PageRequest } from '../page.ts';
import { presentToken } from './present-token.ts';

export async function listTokens(
  deps: Pick<Engine, 'tokens'>,
  accountId: string,
  page: PageRequest,
): Promise<Page<Token>> {
  return fillPage(page, {
    fetch: (before, limit) => deps.tokens.listByAccount(accountId, { before, limit }),
    cursorOf: (token) => token.tokenId,
    view: async (tokens) => tokens.map(presentToken),
  });
}
