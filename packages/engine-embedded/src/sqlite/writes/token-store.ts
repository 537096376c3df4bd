import type { TokenRecord } from '@twite/core/tokens/token-store';
import type { WriteContext } from '../write-context.ts';

export function insertToken(context: WriteContext, token: TokenRecord): void {
  invalidateAll(
    context,
    context.all<SecretHash>(
      'DELETE FROM tokens WHERE token_id = ? RETURNING secret_hash AS secretHash',
      token.tokenId,
    ),
  );
  context.run(
    `INSERT INTO tokens (token_id, account_id, name, scopes, secret_hash, created_at, expires_at)
     VALUES (?, ?, ?, ?, ?, ?, ?)`,
    token.tokenId,
    token.accountId,
    token.name,
    JSON.stringify(token.scopes),
    token.secretHash,
    token.createdAt,
    token.expiresAt,
  );
  context.invalidate('tokens', token.secretHash);
}

export function deleteToken(
  context: WriteContext,
  { accountId, tokenId }: { accountId: string; tokenId: string },
): boolean {
  const deleted = context.all<SecretHash>(
    'DELETE FROM tokens WHERE token_id = ? AND account_id = ? RETURNING secret_hash AS secretHash',
    tokenId,
    accountId,
  );
  return invalidateAll(context, deleted) > 0;
}

export function deleteTokensByAccount(context: WriteContext, { accountId }: { accountId: string }): number {
  const deleted = context.all<SecretHash>(
    'DELETE FROM tokens WHERE account_id = ? RETURNING secret_hash AS secretHash',
    accountId,
  );
  return invalidateAll(context, deleted);
}

export function deleteExpiredTokens(context: WriteContext, { before }: { before: number }): number {
  const deleted = context.all<SecretHash>(
    'DELETE FROM tokens WHERE expires_at < ? RETURNING secret_hash AS secretHash',
    before,
  );
  return invalidateAll(context, deleted);
}

interface SecretHash {
  readonly secretHash: string;
}

function invalidateAll(context: WriteContext, tokens: readonly SecretHash[]): number {
  for (const { secretHash } of tokens) context.invalidate('tokens', secretHash);
  return tokens.length;
}
