import type { DependencyStatus, EngineStatus } from '@twite/core/admin/engine-status';

/** A disk that hangs costs no more than this. */
const DEADLINE_MS = 5_000;

const microseconds = (ms: number): number => Math.round(ms * 1000) / 1000;

const degraded = (isUp: boolean, isStorageFull: boolean): string | null => {
  if (!isUp) return 'Nothing works: the data folder cannot be read and written.';
  return isStorageFull
    ? 'Writes are refused: the disk is full. Free some space; no restart is needed.'
    : null;
};

/** One file is all that this engine depends on. `checkPrimary` reads it, and writes it unless the disk is full. */
export async function sqliteStatus(
  checkPrimary: () => Promise<void>,
  isStorageFull: () => boolean,
): Promise<EngineStatus> {
  const startedAt = performance.now();
  const late = Promise.withResolvers<false>();
  const timer = setTimeout(late.resolve, DEADLINE_MS, false);
  const answered = checkPrimary().then(
    () => true,
    () => false,
  );
  const isUp = await Promise.race([answered, late.promise]);
  clearTimeout(timer);
  const sqlite: DependencyStatus = {
    name: 'sqlite',
    state: isUp ? 'up' : 'down',
    primary: true,
    latencyMs: isUp ? microseconds(performance.now() - startedAt) : null,
    degraded: degraded(isUp, isStorageFull()),
  };
  return { engine: 'embedded', dependencies: [sqlite], relay: null };
}
