import type { OperationId } from '@twite/contract';
import type { Asked } from './load.ts';

const summary = (asked: readonly Asked[]): string => {
  const sorted = asked.map(({ ms }) => ms).sort((a, b) => a - b);
  const at = (share: number) => Math.round(sorted[Math.floor(share * (sorted.length - 1))] ?? 0);
  return `${sorted.length}, ms: p50 ${at(0.5)}, p95 ${at(0.95)}, most ${at(1)}`;
};

/** Prints how long the parts of an outage took, and what clients experienced, if `TWITE_FAULT_FIGURES` is set. */
export function tellFigures(
  what: string,
  times: Readonly<Record<string, number>>,
  asked: readonly Asked[],
): void {
  if (!process.env.TWITE_FAULT_FIGURES) return;
  const of = (operationId: OperationId) => summary(asked.filter((one) => one.operationId === operationId));
  const statuses = Object.groupBy(asked, ({ status }) => status);
  const lines = [
    `${what}: ${Object.entries(times)
      .map(([name, ms]) => `${name} ${(ms / 1_000).toFixed(1)} s`)
      .join(', ')}`,
    `  posts ${of('createPost')}; home reads ${of('getHomeTimeline')}; all ${summary(asked)}`,
    `  statuses ${Object.entries(statuses)
      .map(([status, list]) => `${status}: ${list?.length}`)
      .join(', ')}`,
  ];
  process.stdout.write(`${lines.join('\n')}\n`);
}
