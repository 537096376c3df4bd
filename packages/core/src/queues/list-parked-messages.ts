import type { Page, ParkedMessage } from '@twite/contract';
import { isoTime } from '../clock.ts';
import { fillPage, type PageRequest } from '../page.ts';
import { getParked, type QueueDeps } from './parked-messages.ts';
import type * as port from './work-queues.ts';

const present = ({ parkedAt, payload, ...message }: port.ParkedMessage): ParkedMessage => ({
  ...message,
  payload: { ...payload },
  parkedAt: isoTime(parkedAt),
});

/** The parked messages of a queue, oldest first. Throws `queue_not_found`. */
export async function listParkedMessages(
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
