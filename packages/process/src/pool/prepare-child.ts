import { readdirSync, writeFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { Worker } from 'node:worker_threads';
import type { WatchedProcess } from './watchdog-thread.ts';

// By its package name, so that it is found both from the source and from the bundle.
const watchdogFile = new URL(import.meta.resolve('@twite/process/pool/watchdog-thread'));

/**
 * Requests have priority. Applied to all threads: on Linux each has its own priority, and native code runs in threads
 * of libuv's pool, which exist before any module. Threads started by them inherit theirs.
 */
function lowerPriority(): void {
  const threads = process.platform === 'linux' ? readdirSync('/proc/self/task').map(Number) : [0];
  for (const thread of threads) {
    try {
      setPriority(thread, 19);
    } catch {
      // The thread has ended, or a sandbox forbids this; tasks then compete on equal terms.
    }
  }
}

/** Prepares a process of a `ProcessPool`. The worker module calls it first. */
export function prepareChild(): void {
  lowerPriority();
  // When the machine runs out of memory, Linux kills this process rather than the server.
  try {
    writeFileSync('/proc/self/oom_score_adj', '1000');
  } catch {
    // Not Linux, or not permitted.
  }
  // A terminal's Ctrl-C and a service manager's signal reach this process too; its pool ends it when its tasks are
  // done.
  process.on('SIGINT', () => undefined);
  process.on('SIGTERM', () => undefined);
  process.on('disconnect', () => process.exit());
  const watched: WatchedProcess = {
    parent: process.ppid,
    memoryBytes: Number(process.argv[2]) * 1024 * 1024,
  };
  new Worker(watchdogFile, {
    workerData: watched,
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2, stackSizeMb: 1 },
  }).unref();
}
