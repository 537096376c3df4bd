import type { QueueState } from '@twite/core/queues/work-queues';
import type { DistributedEngine, Observe } from '@twite/engine-distributed';
import type { Metrics } from '@twite/process/metrics';

/** What passes through the queues, as metrics. Made before the engine, which tells it. */
export function measureQueues(metrics: Metrics): Observe {
  const delay = metrics.timer(
    'twite_delivery_delay_seconds',
    'Time from a change in MongoDB until a consumer got its event.',
    'queue',
  );
  const handling = metrics.timer(
    'twite_handling_seconds',
    'Time that a handler took for a batch or job.',
    'queue',
  );
  const handled = metrics.counter('twite_handled_total', 'Messages that were handled.', 'queue');
  const retried = metrics.counter(
    'twite_retried_total',
    'Messages that failed and were tried again.',
    'queue',
  );
  const parked = metrics.counter('twite_parked_total', 'Messages that were given up and put aside.', 'queue');
  const published = metrics.counter('twite_published_total', 'Messages given to the broker.', 'kind');
  return {
    delivered: delay,
    handled(queue, milliseconds, messages) {
      handling(queue, milliseconds / 1000);
      handled(queue, messages);
    },
    retried: (queue) => retried(queue),
    parked: (queue) => parked(queue),
    published: (kind) => published(kind),
  };
}

/** What the engine is like whenever metrics are asked for. */
export function measureEngine(metrics: Metrics, open: DistributedEngine, usesBroker: boolean): void {
  const { observe, observeBy } = metrics;
  observeBy('twite_cache_hits_total', 'Answers from the caches of this process.', 'cache', () =>
    open.state().caches.map(({ name, hits }) => [name, hits]),
  );
  observeBy('twite_cache_misses_total', 'Questions that the caches of this process passed on.', 'cache', () =>
    open.state().caches.map(({ name, misses }) => [name, misses]),
  );
  observeBy(
    'twite_breaker_open',
    '1 while a dependency is not asked because it keeps failing.',
    'dependency',
    () => open.state().dependencies.map(({ name, isOpen }) => [name, isOpen ? 1 : 0]),
  );
  observe('twite_cache_bus_failures_total', 'Invalidations that did not reach other processes.', () => {
    return open.state().busFailures;
  });
  observe(
    'twite_machine_lease_held',
    '0 while the lease of the machine number is lost: nothing can be written.',
    () => (open.state().isLeaseHeld ? 1 : 0),
  );
  if (usesBroker) measureQueueStates(metrics, open);
}

/** How the queues are, and how far the relay is behind, whenever metrics are asked for. */
function measureQueueStates({ observeBy }: Metrics, open: DistributedEngine): void {
  // Asks the broker and MongoDB: one scrape, one question each.
  let asked: Promise<readonly QueueState[]> | undefined;
  const ask = () => {
    asked ??= open.engine.queues
      .list()
      .catch(() => [])
      .finally(() => {
        asked = undefined;
      });
    return asked;
  };
  const queues = async (pick: (state: QueueState) => number) => {
    const states = await ask();
    return states.map((state): [string, number] => [state.queue, pick(state)]);
  };
  observeBy('twite_queue_depth', 'Messages that wait or are being worked on.', 'queue', () =>
    queues(({ waiting }) => waiting),
  );
  observeBy(
    'twite_queue_age_seconds',
    'Time since the oldest waiting message came, as far as known.',
    'queue',
    () => queues(({ oldestMs }) => (oldestMs ?? 0) / 1000),
  );
  observeBy('twite_queue_parked', 'Messages that were put aside.', 'queue', () =>
    queues(({ parked }) => parked),
  );
  observeBy('twite_relay_lag_seconds', 'How far the change relay is behind MongoDB.', 'relay', async () => {
    const { lagMs } = await open.relayStatus().catch(() => ({ lagMs: null }));
    return lagMs === null ? [] : [['all', lagMs / 1000]];
  });
}
