import type { Status } from '@twite/contract';
import type { Deps } from '../engine.ts';
import type { QueueState } from '../queues/work-queues.ts';
import { unlessAway } from '../unavailable.ts';
import { composeStatus, type OwnProcess } from './compose-status.ts';
import type { EngineStatus } from './engine-status.ts';

/** Returns the engine's state: `OpenEngine.status`, which is not a port. */
export type AskEngine = () => Promise<EngineStatus>;

/** The state of the instance and all of its processes. Works even while dependencies are unavailable. */
export async function getStatus(
  deps: Pick<Deps, 'queues' | 'clock'>,
  askEngine: AskEngine,
  own: OwnProcess,
): Promise<Status> {
  const [engine, queues] = await Promise.all([
    askEngine(),
    unlessAway<readonly QueueState[] | undefined>(deps.queues.list(), () => undefined),
  ]);
  return composeStatus(engine, queues, own, deps.clock.now());
}
