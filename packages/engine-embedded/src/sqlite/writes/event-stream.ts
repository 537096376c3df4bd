import { type ConsumerName, consumerNames } from '@twite/core/events/event-stream';
import type { WriteContext } from '../write-context.ts';

const PRUNED_AT_ONCE = 1_000;
/** Other releases may have had other consumers, whose positions no longer advance. */
const ofThisRelease = consumerNames.map((name) => `'${name}'`).join(', ');

/** Saves the position of a consumer, and deletes events that every consumer has handled. */
export function saveCursor(
  context: WriteContext,
  { consumer, seq }: { consumer: ConsumerName; seq: number },
): void {
  context.run('UPDATE consumers SET seq = ? WHERE consumer = ? AND seq < ?', seq, consumer, seq);
  context.run(
    `DELETE FROM events WHERE seq <= min(
       (SELECT min(seq) FROM consumers WHERE consumer IN (${ofThisRelease})),
       (SELECT min(seq) FROM events) + ${PRUNED_AT_ONCE - 1}
     )`,
  );
}

/** Parks an event that a consumer cannot handle, and advances its position past the event. */
export function parkEvent(
  context: WriteContext,
  parked: { consumer: ConsumerName; seq: number; payload: string; error: string; parkedAt: number },
): void {
  const { consumer, seq, payload, error, parkedAt } = parked;
  context.run(
    'INSERT OR REPLACE INTO parked_events (consumer, seq, payload, error, parked_at) VALUES (?, ?, ?, ?, ?)',
    consumer,
    seq,
    payload,
    error,
    parkedAt,
  );
  saveCursor(context, { consumer, seq });
}
