import { setTimeout as wait } from 'node:timers/promises';
import type { Started } from '../processes.ts';

/** Metrics of a process by name, summed over all labels. */
export async function readMetrics(
  process: Pick<Started, 'url'>,
  ...names: string[]
): Promise<Record<string, number>> {
  const text = await fetch(`${process.url}/metrics`).then((answer) => answer.text());
  const sums: Record<string, number> = Object.fromEntries(names.map((name) => [name, 0]));
  for (const line of text.split('\n')) {
    const name = /^\w+/.exec(line)?.[0] ?? '';
    if (name in sums) sums[name] = (sums[name] ?? 0) + Number(line.split(' ').at(-1));
  }
  return sums;
}

const quietMs = 600;
const waiting = ['twite_queue_messages_ready', 'twite_queue_messages_in_flight'];

/**
 * Waits until relay and worker are idle: nothing is published and handled any more, and no queue has messages. Returns
 * when the last activity was seen.
 */
export async function untilQuiet(relay: Pick<Started, 'url'>, worker: Pick<Started, 'url'>): Promise<number> {
  let last = '';
  let lastAt = performance.now();
  for (;;) {
    const [published, handled] = await Promise.all([
      readMetrics(relay, 'twite_relay_published_total'),
      readMetrics(worker, 'twite_queue_handled_total', ...waiting),
    ]);
    const now = `${published.twite_relay_published_total} ${handled.twite_queue_handled_total}`;
    if (now !== last || waiting.some((name) => handled[name] !== 0)) lastAt = performance.now();
    else if (performance.now() - lastAt > quietMs) return lastAt;
    last = now;
    await wait(50);
  }
}
