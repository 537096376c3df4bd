import type { WriteContext } from '../write-context.ts';

interface Mute {
  readonly accountId: string;
  readonly targetId: string;
}

export function addMute(
  context: WriteContext,
  { edgeId, accountId, targetId }: Mute & { edgeId: string },
): boolean {
  const added = context.run(
    `INSERT INTO mutes (account_id, target_id, edge_id) VALUES (?, ?, ?)
     ON CONFLICT (account_id, target_id) DO NOTHING`,
    accountId,
    targetId,
    edgeId,
  );
  if (added === 0) return false;
  context.emit({ type: 'accountMuted', accountId, targetId });
  return true;
}

export function removeMute(context: WriteContext, { accountId, targetId }: Mute): boolean {
  const removed = context.run(
    'DELETE FROM mutes WHERE account_id = ? AND target_id = ?',
    accountId,
    targetId,
  );
  if (removed === 0) return false;
  erased(context, { accountId, targetId });
  return true;
}

export function purgeMutesByAccount(
  context: WriteContext,
  { accountId, limit }: { accountId: string; limit: number },
): number {
  // One by one, by key: a DELETE … IN over both directions would scan the table.
  const mutes = context.all<Mute>(
    `SELECT account_id AS accountId, target_id AS targetId FROM mutes WHERE account_id = ?1
     UNION ALL
     SELECT account_id, target_id FROM mutes WHERE target_id = ?1
     LIMIT ?2`,
    accountId,
    limit,
  );
  return mutes.filter((mute) => removeMute(context, mute)).length;
}

function erased(context: WriteContext, { accountId, targetId }: Mute): void {
  context.emit({ type: 'accountUnmuted', accountId, targetId });
}
