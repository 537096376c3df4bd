import {
  type AuditAction,
  ContractError,
  type MessageCount,
  type Page,
  type ParkedMessage,
} from '@twite/contract';
import { type AuditDeps, writeAudit } from '../admin/audited.ts';
import { isoTime } from '../clock.ts';
import type { Deps } from '../engine.ts';
import { fillPage, type PageRequest } from '../page.ts';
import type * as port from './work-queues.ts';

type QueueDeps = Pick<Deps, 'queues'>;

async function getParked(
  { queues }: QueueDeps,
  queue: string,
  page: { readonly after?: string | undefined; readonly limit: number },
): Promise<readonly port.ParkedMessage[]> {
  const messages = await queues.listParked(queue, page);
  if (!messages) throw new ContractError('queue_not_found');
  return messages;
}

const present = ({ parkedAt, payload, ...message }: port.ParkedMessage): ParkedMessage => ({
  ...message,
  payload: { ...payload },
  parkedAt: isoTime(parkedAt),
});

/** The parked messages of a queue, oldest first. Throws `queue_not_found`. */
export async function listParked(
  deps: QueueDeps,
  queue: string,
  page: PageRequest,
): Promise<Page<ParkedMessage>> {
  return fillPage(page, {
    fetch: (after, limit) => getParked(deps, queue, { after, limit }),
    cursorOf: (message) => message.messageId,
    view: async (messages) => messages.map(present),
  });
}

/** Applies an action to parked messages, and records it if there were any. */
async function treat(
  deps: AuditDeps & QueueDeps,
  actorId: string,
  queue: string,
  action: AuditAction,
  treatThem: () => Promise<number>,
): Promise<MessageCount> {
  await getParked(deps, queue, { limit: 1 });
  const count = await treatThem();
  if (count > 0) await writeAudit(deps, actorId, action, queue, `${count} message${count === 1 ? '' : 's'}`);
  return { count };
}

/** Requeues parked messages; without ids, all of them. Throws `queue_not_found`. */
export function replayParked(
  deps: AuditDeps & QueueDeps,
  actorId: string,
  queue: string,
  messageIds: readonly string[] | undefined,
): Promise<MessageCount> {
  const which = messageIds ?? 'all';
  return treat(deps, actorId, queue, 'messages_replayed', () => deps.queues.replayParked(queue, which));
}

/** Erases parked messages permanently; without ids, all of them. Throws `queue_not_found`. */
export function dropParked(
  deps: AuditDeps & QueueDeps,
  actorId: string,
  queue: string,
  messageIds: readonly string[] | undefined,
): Promise<MessageCount> {
  const which = messageIds ?? 'all';
  return treat(deps, actorId, queue, 'messages_dropped', () => deps.queues.dropParked(queue, which));
}
