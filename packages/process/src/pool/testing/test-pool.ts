import { fileURLToPath } from 'node:url';
import { createProcessPool, type ProcessPool, type ProcessPoolOptions } from '../process-pool.ts';
import type { Description, TestTask } from './test-worker.ts';

export const createTestPool = (
  options: Partial<ProcessPoolOptions> = {},
): ProcessPool<TestTask, Description> =>
  createProcessPool({
    workerFile: fileURLToPath(new URL('test-worker.ts', import.meta.url)),
    concurrency: 1,
    queueLimit: 10,
    idleMs: 60_000,
    deadlineMs: 60_000,
    tasksPerProcess: 100,
    heapMegabytes: 64,
    memoryMegabytes: 256,
    secondsPerTask: 1,
    waitSecondsMax: 3_600,
    ...options,
  });
