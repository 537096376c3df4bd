import { open, readFile, rm, stat } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import { CommandError } from '../usage-error.ts';

const retryMs = 25;
/** Longer than a request may take under the lock. */
const patienceMs = 60_000;

/** Whether nobody holds the lock any more: its process is gone, or it is older than any work under it. */
async function isLeftBehind(file: string): Promise<boolean> {
  try {
    const { mtimeMs } = await stat(file);
    if (Date.now() - mtimeMs > patienceMs) return true;
    const pid = Number(await readFile(file, 'utf8'));
    if (!Number.isSafeInteger(pid) || pid <= 0) return false;
    process.kill(pid, 0);
    return false;
  } catch (error) {
    // EPERM: it lives, as somebody else's. ENOENT: it was given back just now.
    return (error as NodeJS.ErrnoException).code === 'ESRCH';
  }
}

async function take(file: string): Promise<void> {
  const givesUpAt = Date.now() + patienceMs;
  for (;;) {
    try {
      const handle = await open(file, 'wx', 0o600);
      await handle.writeFile(String(process.pid));
      await handle.close();
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') {
        throw new CommandError('sessions_unwritable', `${file} cannot be made: ${(error as Error).message}`, {
          cause: error,
        });
      }
    }
    if (await isLeftBehind(file)) await rm(file, { force: true });
    else if (Date.now() > givesUpAt) {
      throw new CommandError('sessions_locked', `Another twite holds ${file}. If none runs, delete it.`);
    } else await sleep(retryMs);
  }
}

/** Runs while no other process runs under the same file. */
export async function withFileLock<T>(file: string, run: () => Promise<T>): Promise<T> {
  await take(file);
  try {
    return await run();
  } finally {
    await rm(file, { force: true });
  }
}
