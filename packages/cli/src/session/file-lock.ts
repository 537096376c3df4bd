import { rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { LockOptions } from 'proper-lockfile';
import { CommandError } from '../usage-error.ts';

const retryMs = 25;
const patienceMs = 60_000;
/** The heartbeat interval of a lock holder. */
const updateMs = 2_000;
const staleMs = 10_000;

const optionsOf = (file: string): LockOptions => ({
  lockfilePath: file,
  // It does not exist yet.
  realpath: false,
  update: updateMs,
  // Only after a suspension of this process: its writes are still atomic.
  onCompromised: () => undefined,
});

const unlessHeld = (error: unknown): undefined => {
  if ((error as NodeJS.ErrnoException).code !== 'ELOCKED') throw error;
};

/** Whether a lock is there whose holder shows no sign of life. */
async function isStale(file: string): Promise<boolean> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error;
  });
  return found !== undefined && found.mtimeMs < Date.now() - staleMs;
}

/**
 * Removes a stale lock. Uses a second lock, because proper-lockfile lets two processes see one stale lock: the slower one
 * removes the lock that the faster one has just taken. Its `check` does not distinguish a stale lock from a missing one,
 * which another process may be taking.
 */
async function removeStale(file: string): Promise<void> {
  const { lock } = (await import('proper-lockfile')).default;
  const removal = `${file}-removal`;
  const release = await lock(removal, { ...optionsOf(removal), stale: staleMs }).catch(unlessHeld);
  if (!release) return;
  try {
    if (await isStale(file)) await rm(file, { recursive: true, force: true });
  } finally {
    await release();
  }
}

async function take(file: string): Promise<() => Promise<void>> {
  const { lock } = (await import('proper-lockfile')).default;
  const givesUpAt = Date.now() + patienceMs;
  while (Date.now() < givesUpAt) {
    // Never stale to proper-lockfile: `removeStale` decides.
    const release = await lock(file, { ...optionsOf(file), stale: Infinity }).catch(unlessHeld);
    if (release) return release;
    if (await isStale(file)) await removeStale(file);
    else await sleep(retryMs);
  }
  throw new CommandError(
    'sessions_locked',
    `Another twite process holds the lock ${file}. If no twite is running, delete it.`,
  );
}

/** Runs while no other process holds the lock of the same file. */
export async function withFileLock<T>(file: string, run: () => Promise<T>): Promise<T> {
  const release = await take(file).catch((cause: unknown) => {
    if (cause instanceof CommandError) throw cause;
    throw new CommandError('sessions_unwritable', `Cannot create ${file}: ${(cause as Error).message}`, {
      cause,
    });
  });
  try {
    return await run();
  } finally {
    // Rejects if another process has taken the lock over.
    await release().catch(() => undefined);
  }
}
