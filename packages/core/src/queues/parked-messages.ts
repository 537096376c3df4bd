import { type AuditAction, ContractError, type MessageCount } from '@twite/contract';
import { type AuditDeps, writeAudit } from '../admin/audited.ts';
import type { Deps } from '../engine.ts';
import type * as port from './work-queues.ts';

export type QueueDeps = Pick<Deps, 'queues'>;

export async function getParked(
  { queues }: QueueDeps,
  queue: string,
  page: { readonly after?: string | undefined; readonly limit: number },
): Promise<readonly port.ParkedMessage[]> {
  const messages = await queues.listParked(queue, page);
  if (!messages) throw new ContractError('queue_not_found');
  return messages;
}

/** Applies an action to parked messages, and records it if there were any. */
export async function applyToParked(
  deps: AuditDeps & QueueDeps,
  actorId: string,
  queue: string,
  action: AuditAction,
  apply: () => Promise<number>,
): Promise<MessageCount> {
  await getParked(deps, queue, { limit: 1 });
  const count = await apply();
  if (count > 0) await writeAudit(deps, actorId, action, queue, `${count} message${count === 1 ? '' : 's'}`);
  return { count };
}
