import { ContractError } from '@twite/contract';
import type { DependencyStatus, EngineStatus } from '@twite/core/admin/engine-status';

/** The limit on the time that a hanging disk costs. */
const DEADLINE_MS = 5_000;

const microseconds = (ms: number): number => Math.round(ms * 1000) / 1000;

/** The result of a check: its milliseconds, or the error. */
type Answer = { readonly latencyMs: number } | { readonly error: unknown };

async function ask(check: () => Promise<void>, withinMs: number): Promise<Answer> {
  const startedAt = performance.now();
  const late = Promise.withResolvers<Answer>();
  const timer = setTimeout(late.resolve, Math.min(withinMs, DEADLINE_MS), {
    error: new Error('it did not answer in time'),
  });
  const answered = check().then(
    () => ({ latencyMs: microseconds(performance.now() - startedAt) }),
    (error: unknown) => ({ error }),
  );
  const answer = await Promise.race([answered, late.promise]);
  clearTimeout(timer);
  return answer;
}

interface Checks {
  /** Reads the database, and writes it unless the disk is full. */
  checkPrimary(): Promise<void>;
  isStorageFull(): boolean;
  /** Writes to the media folder. */
  checkObjects(): Promise<void>;
}

const fullDisk = 'the disk is full. Free some space; no restart is needed.';

function databaseStatus(answer: Answer, isStorageFull: boolean): DependencyStatus {
  const isUp = 'latencyMs' in answer;
  const down = 'All requests fail: the data folder is not readable or not writable.';
  return {
    name: 'sqlite',
    state: isUp ? 'up' : 'down',
    primary: true,
    latencyMs: isUp ? answer.latencyMs : null,
    degraded: isUp ? (isStorageFull ? `Writes are refused: ${fullDisk}` : null) : down,
  };
}

function objectsStatus(answer: Answer): DependencyStatus {
  const common = { name: 'objects', primary: false } as const;
  if ('latencyMs' in answer) return { ...common, state: 'up', latencyMs: answer.latencyMs, degraded: null };
  const isFull = answer.error instanceof ContractError && answer.error.code === 'storage_full';
  return {
    ...common,
    state: 'down',
    latencyMs: null,
    degraded: isFull
      ? `Uploads are refused: ${fullDisk}`
      : 'Uploads fail and media may be missing: the media folder is not readable or not writable.',
  };
}

/** A file and a folder are this engine's only dependencies. */
export async function embeddedStatus(
  { checkPrimary, isStorageFull, checkObjects }: Checks,
  withinMs: number = DEADLINE_MS,
): Promise<EngineStatus> {
  const [database, objects] = await Promise.all([ask(checkPrimary, withinMs), ask(checkObjects, withinMs)]);
  return {
    engine: 'embedded',
    dependencies: [databaseStatus(database, isStorageFull()), objectsStatus(objects)],
    relay: null,
    otherProcesses: [],
  };
}
