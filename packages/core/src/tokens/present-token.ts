import type { Token } from '@twite/contract';
import { isoTime } from '../clock.ts';
import type { TokenRecord } from './token-store.ts';

export const presentToken = (token: TokenRecord): Token => ({
  tokenId: token.tokenId,
  name: token.name,
  scopes: [...token.scopes],
  createdAt: isoTime(token.createdAt),
  expiresAt: token.expiresAt === null ? null : isoTime(token.expiresAt),
});
