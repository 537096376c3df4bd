import { workerData } from 'node:worker_threads';

export interface WatchedProcess {
  readonly parent: number;
  readonly memoryBytes: number;
}

const { parent, memoryBytes } = workerData as WatchedProcess;

// Native code allocates outside of V8's heap, which has its own limit. A thread sees it even while the main thread is
// busy, and also when the parent was killed, which the main thread would notice only between its tasks.
setInterval(() => {
  if (process.memoryUsage.rss() > memoryBytes || process.ppid !== parent)
    process.kill(process.pid, 'SIGKILL');
}, 25);
