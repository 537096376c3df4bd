import { ContractError } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { type AuditDeps, writeAudit } from './audited.ts';

/** Removes anyone's reply, visible or not. Throws `reply_not_found`. */
export async function removeReply(
  deps: AuditDeps & Pick<Deps, 'replies'>,
  actorId: string,
  replyId: string,
): Promise<void> {
  if (!(await deps.replies.delete(replyId))) throw new ContractError('reply_not_found');
  await writeAudit(deps, actorId, 'reply_removed', replyId);
}
