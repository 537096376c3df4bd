import type { WriteContext } from '../write-context.ts';

interface Block {
  readonly accountId: string;
  readonly targetId: string;
}

export function addBlock(
  context: WriteContext,
  { edgeId, accountId, targetId }: Block & { edgeId: string },
): boolean {
  const added = context.run(
    `INSERT INTO blocks (account_id, target_id, edge_id) VALUES (?, ?, ?)
     ON CONFLICT (account_id, target_id) DO NOTHING`,
    accountId,
    targetId,
    edgeId,
  );
  if (added === 0) return false;
  context.emit({ type: 'accountBlocked', accountId, targetId });
  return true;
}

export function removeBlock(context: WriteContext, { accountId, targetId }: Block): boolean {
  const removed = context.run(
    'DELETE FROM blocks WHERE account_id = ? AND target_id = ?',
    accountId,
    targetId,
  );
  if (removed === 0) return false;
  erased(context, { accountId, targetId });
  return true;
}

export function purgeBlocksByAccount(
  context: WriteContext,
  { accountId, limit }: { accountId: string; limit: number },
): number {
  // One by one, by key: a DELETE … IN over both directions would scan the table.
  const blocks = context.all<Block>(
    `SELECT account_id AS accountId, target_id AS targetId FROM blocks WHERE account_id = ?1
     UNION ALL
     SELECT account_id, target_id FROM blocks WHERE target_id = ?1
     LIMIT ?2`,
    accountId,
    limit,
  );
  return blocks.filter((block) => removeBlock(context, block)).length;
}

function erased(context: WriteContext, { accountId, targetId }: Block): void {
  context.emit({ type: 'accountUnblocked', accountId, targetId });
}
