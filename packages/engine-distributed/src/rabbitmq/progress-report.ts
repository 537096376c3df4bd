import { parting } from '../in-time.ts';
import type { Log } from '../log.ts';
import type { Collections } from '../mongodb/databases.ts';
import { bounded } from '../mongodb/reads.ts';
import { repeat } from '../repeat.ts';
import type { Progress } from './progress.ts';

/** The combined progress of all processes on one queue. */
export interface QueueProgress {
  /** The number of processes that consume it. */
  readonly workers: number;
  readonly underWay: number;
  /** The time of the oldest message in progress; null when there is none, or the time is unknown. */
  readonly oldestAt: number | null;
}

/**
 * Reports the progress of this process's consumers to other processes, and reads theirs: the broker does not report
 * ages.
 */
export interface ProgressReport extends AsyncDisposable {
  /** Keyed by queue; a queue without consumers is missing. */
  read(): Promise<ReadonlyMap<string, QueueProgress>>;
}

const everyMs = 1_000;
/** A process that reported nothing for this long no longer works. */
const validMs = 5_000;

interface Reported {
  readonly queue: string;
  readonly underWay: number;
  readonly oldestAt: number | null;
}

const ownReports = (progress: Progress): Reported[] =>
  progress.queues().map((queue) => ({
    queue,
    underWay: progress.underWay(queue),
    oldestAt: progress.oldestAt(queue),
  }));

function together(reports: readonly Reported[]): ReadonlyMap<string, QueueProgress> {
  const found = new Map<string, QueueProgress>();
  for (const { queue, underWay, oldestAt } of reports) {
    const before = found.get(queue);
    const oldest = [before?.oldestAt, oldestAt].filter((at) => typeof at === 'number');
    found.set(queue, {
      workers: (before?.workers ?? 0) + 1,
      underWay: (before?.underWay ?? 0) + underWay,
      oldestAt: oldest.length === 0 ? null : Math.min(...oldest),
    });
  }
  return found;
}

/** The progress of this process alone. */
export const readOwnProgress = async (progress: Progress): Promise<ReadonlyMap<string, QueueProgress>> =>
  together(ownReports(progress));

export function openProgressReport(options: {
  readonly collections: Pick<Collections, 'queueProgress'>;
  readonly progress: Progress;
  readonly processId: string;
  readonly log: Log;
}): ProgressReport {
  const { progress, processId, log } = options;
  const { queueProgress } = options.collections;
  let reported: readonly string[] = [];
  const report = async () => {
    const own = ownReports(progress);
    const queues = own.map(({ queue }) => queue);
    const gone = reported.filter((queue) => !queues.includes(queue));
    if (queues.length + gone.length === 0) return;
    const reportedAt = new Date();
    await queueProgress.bulkWrite([
      ...own.map((state) => ({
        replaceOne: {
          filter: { _id: `${processId}:${state.queue}` },
          replacement: { processId, ...state, reportedAt },
          upsert: true,
        },
      })),
      ...gone.map((queue) => ({ deleteOne: { filter: { _id: `${processId}:${queue}` } } })),
    ]);
    reported = queues;
  };
  const reporting = repeat('the report of what queues are at', everyMs, report, log);

  return {
    async read() {
      const since = new Date(Date.now() - validMs);
      const others = await queueProgress
        .find({ reportedAt: { $gt: since }, processId: { $ne: processId } }, bounded)
        .toArray();
      return together([...others, ...ownReports(progress)]);
    },
    async [Symbol.asyncDispose]() {
      await reporting[Symbol.asyncDispose]();
      // If this fails, the report soon expires.
      await parting(queueProgress.deleteMany({ processId }));
    },
  };
}
