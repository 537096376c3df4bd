import type { PoolLoad, PoolObserver } from '../pool/process-pool.ts';
import type { Metrics } from './create-metrics.ts';

/** Measures a pool of child processes. Create the pool with the returned observer. */
export function measurePool(
  { counter, histogram, observe }: Metrics,
  pool: 'passwords' | 'media',
  load: () => PoolLoad,
): PoolObserver {
  const duration = histogram('twite_pool_task_duration_seconds');
  const failures = counter('twite_pool_task_failures_total');
  const refused = counter('twite_pool_tasks_refused_total');
  for (const reason of ['deadline', 'ended', 'notStarted', 'error']) failures({ pool, reason }, 0);
  refused({ pool }, 0);
  observe(load, {
    twite_pool_tasks_running: ({ running }) => [[{ pool }, running]],
    twite_pool_tasks_running_max: ({ runningMax }) => [[{ pool }, runningMax]],
    twite_pool_tasks_waiting: ({ waiting }) => [[{ pool }, waiting]],
    twite_pool_processes: ({ processes }) => [[{ pool }, processes]],
  });
  return {
    ran(seconds, failure) {
      duration({ pool }, seconds);
      if (failure !== undefined) failures({ pool, reason: failure });
    },
    refused: () => refused({ pool }),
  };
}
