import { randomBytes } from 'node:crypto';
import { mkdir, readdir, rm, stat, utimes } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';

const heartbeatMs = 60_000;
const staleMs = 15 * heartbeatMs;

/** A folder of this process alone, for files that are worth nothing once it is gone. */
export interface WorkFolder extends AsyncDisposable {
  /** A new empty folder within; the caller removes it. */
  makeFolder(): Promise<string>;
}

const prefix = 'twite-';
const named = /^twite-(.+)-(\d+)-[0-9a-f]{16}$/;

const isRunning = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
};

/** Whether the process that made a folder is gone: on this host by its id, elsewhere by a heartbeat that stopped. */
async function isLeftover(parent: string, name: string): Promise<boolean> {
  const [, host, pid] = named.exec(name) ?? [];
  if (host === undefined) return false;
  if (host === hostname() && !isRunning(Number(pid))) return true;
  const { mtimeMs } = await stat(join(parent, name));
  return Date.now() - mtimeMs > staleMs;
}

async function removeLeftovers(parent: string): Promise<void> {
  for (const name of await readdir(parent)) {
    // Another process may have removed it in the meantime.
    const isOver = await isLeftover(parent, name).catch(() => false);
    if (isOver) await rm(join(parent, name), { recursive: true, force: true });
  }
}

/**
 * Several processes, also on several hosts, may share a parent folder. Opening removes what dead ones left there, and so
 * does each heartbeat.
 */
export async function openWorkFolder(parent: string): Promise<WorkFolder> {
  await mkdir(parent, { recursive: true });
  await removeLeftovers(parent);
  const own = join(parent, `${prefix}${hostname()}-${process.pid}-${randomBytes(8).toString('hex')}`);
  await mkdir(own);
  let count = 0;
  const heartbeat = setInterval(async () => {
    try {
      await utimes(own, new Date(), new Date());
      await removeLeftovers(parent);
    } catch {
      // The disk is away; the next one comes in a minute.
    }
  }, heartbeatMs).unref();
  return {
    async makeFolder() {
      count += 1;
      const folder = join(own, String(count));
      await mkdir(folder, { recursive: true });
      return folder;
    },
    async [Symbol.asyncDispose]() {
      clearInterval(heartbeat);
      await rm(own, { recursive: true, force: true });
    },
  };
}
