import type { Status } from '@twite/contract';
import type { Deps } from '../engine.ts';
import { presentQueue } from '../queues/present-queue.ts';
import type { QueueState } from '../queues/work-queues.ts';
import { unlessAway } from '../unavailable.ts';
import type { EngineStatus } from './engine-status.ts';

/** How the engine stands: `OpenEngine.status`, which is no port. */
export type AskEngine = () => Promise<EngineStatus>;

/** How the instance stands; answered also when what it tells of is away. */
export async function getStatus(
  deps: Pick<Deps, 'queues'>,
  askEngine: AskEngine,
  version: string,
): Promise<Status> {
  const [engine, queues] = await Promise.all([
    askEngine(),
    unlessAway<readonly QueueState[] | undefined>(deps.queues.list(), () => undefined),
  ]);
  return composeStatus(engine, queues, version);
}

/** `queues` undefined: they could not be asked. */
export function composeStatus(
  { engine, dependencies, relay }: EngineStatus,
  queues: readonly QueueState[] | undefined,
  version: string,
): Status {
  const degraded = dependencies.flatMap((dependency) => dependency.degraded ?? []);
  if (relay?.leader === null) {
    degraded.push('No process relays changes: timelines, search and recommendations stay as they are.');
  }
  for (const { queue, workers, waiting } of queues ?? []) {
    if (workers === 0 && waiting > 0)
      degraded.push(`Nobody works on ${queue}: ${waiting} wait. Start a worker.`);
  }
  if (queues === undefined) degraded.push('The queues could not be asked: what waits is not known.');
  return {
    engine,
    version,
    dependencies: dependencies.map((dependency) => ({ ...dependency })),
    relay: relay && { ...relay },
    queues: (queues ?? []).map(presentQueue),
    degraded,
  };
}
