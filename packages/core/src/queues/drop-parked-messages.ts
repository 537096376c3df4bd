import type { MessageCount } from '@twite/contract';
import type { AuditDeps } from '../admin/audited.ts';
import { applyToParked, type QueueDeps } from './parked-messages.ts';

/** Erases parked messages permanently; without ids, all of them. Throws `queue_not_found`. */
export function dropParkedMessages(
  deps: AuditDeps & QueueDeps,
  actorId: string,
  queue: string,
  messageIds: readonly string[] | undefined,
): Promise<MessageCount> {
  const which = messageIds ?? 'all';
  return applyToParked(deps, actorId, queue, 'messages_dropped', () => deps.queues.dropParked(queue, which));
}
