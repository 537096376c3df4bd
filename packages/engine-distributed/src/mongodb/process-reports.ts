import type { DependencyStatus, ProcessDescription, ProcessStatus } from '@twite/core/admin/engine-status';
import type { Collections } from './databases.ts';
import type { ProcessLease } from './process-lease.ts';
import { bounded } from './reads.ts';

const askEveryMs = 5_000;

const stateOf = (dependencies: readonly DependencyStatus[]): string =>
  dependencies.map(({ name, state }) => `${name} ${state}`).join();

/**
 * Reports this process's state for the status of the instance: with each renewal of its lease, and at once when a
 * dependency changes.
 */
export function startReporting(
  lease: Pick<ProcessLease, 'report'>,
  { startedAt, ...description }: ProcessDescription,
  ask: () => Promise<readonly DependencyStatus[]>,
): Disposable {
  let lastState: string | undefined;
  let isAsking = false;
  const report = async (): Promise<void> => {
    if (isAsking) return;
    isAsking = true;
    try {
      const dependencies = [...(await ask())];
      const state = stateOf(dependencies);
      lease.report(
        { ...description, startedAt: new Date(startedAt), reportedAt: new Date(), dependencies },
        { urgent: state !== lastState },
      );
      lastState = state;
    } finally {
      isAsking = false;
    }
  };
  void report();
  const timer = setInterval(report, askEveryMs).unref();
  return { [Symbol.dispose]: () => clearInterval(timer) };
}

/** The state of all other processes with unexpired leases. */
export async function readOtherProcesses(
  { processes }: Pick<Collections, 'processes'>,
  ownProcessId: string,
  wallNow: number,
): Promise<readonly ProcessStatus[]> {
  const alive = { processId: { $nin: [null, ownProcessId] }, expiresAt: { $gt: new Date(wallNow) } };
  const docs = await processes.find(alive, { ...bounded, projection: { processId: 1, report: 1 } }).toArray();
  return docs.flatMap(({ processId, report }) => {
    // Commands, and releases that did not report.
    if (processId === null || !report) return [];
    const { startedAt, reportedAt, ...rest } = report;
    return [{ ...rest, processId, startedAt: startedAt.getTime(), reportedAt: reportedAt.getTime() }];
  });
}
