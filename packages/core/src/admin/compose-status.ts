import type { Status } from '@twite/contract';
import { isoTime } from '../clock.ts';
import { presentQueue } from '../queues/present-queue.ts';
import type { QueueState } from '../queues/work-queues.ts';
import type { EngineStatus, ProcessDescription, ProcessStatus } from './engine-status.ts';
import { mergeDependencies } from './merge-dependencies.ts';

/** The process that answers the request. */
export type OwnProcess = ProcessDescription & Pick<ProcessStatus, 'processId'>;

const presentProcess = ({
  startedAt,
  reportedAt,
  services,
  consumers,
  dependencies,
  ...process
}: ProcessStatus) => ({
  ...process,
  services: [...services],
  consumers: [...consumers],
  startedAt: isoTime(startedAt),
  reportedAt: isoTime(reportedAt),
  dependencies: dependencies.map((dependency) => ({ ...dependency })),
});

const roles = ['all', 'server', 'worker', 'relay'] as const;

const compareProcesses = (a: ProcessStatus, b: ProcessStatus): number =>
  roles.indexOf(a.role) - roles.indexOf(b.role) || (a.host < b.host ? -1 : 1);

/** `queues` is undefined if they could not be queried. */
export function composeStatus(
  { engine, dependencies, relay, otherProcesses }: EngineStatus,
  queues: readonly QueueState[] | undefined,
  own: OwnProcess,
  now: number,
): Status {
  const processes = [{ ...own, dependencies, reportedAt: now }, ...(otherProcesses ?? [])];
  const merged = mergeDependencies(processes, own.processId, now);
  const degraded = [...merged.degraded];
  if (relay?.leader === null) {
    degraded.push('No relay is running: new posts do not reach timelines, search and recommendations.');
  }
  for (const { queue, workers, waiting } of queues ?? []) {
    if (workers === 0 && waiting > 0)
      degraded.push(`No worker handles ${queue}, and ${waiting} messages are waiting. Start a worker.`);
  }
  if (queues === undefined) degraded.push('The state of the queues is unavailable.');
  if (otherProcesses === undefined)
    degraded.push(
      'The reports of other processes are unavailable; this status shows only what this server sees.',
    );
  return {
    engine,
    version: own.version,
    dependencies: merged.dependencies.map((dependency) => ({ ...dependency })),
    relay: relay && { ...relay },
    queues: (queues ?? []).map(presentQueue),
    processes: processes.sort(compareProcesses).map(presentProcess),
    degraded,
  };
}
