import type { OpenEngine } from '@twite/core/engine';
import type { CacheState } from '@twite/core/measures/cache-state';
import type { EngineObserver } from '@twite/core/measures/engine-observer';
import type { QueueState } from '@twite/core/queues/work-queues';
import type { DistributedEngine } from '@twite/engine-distributed';
import type { Metrics } from '@twite/process/metrics/create-metrics';

/** Counts and times the engine's work. Created before the engine, which reports to it. */
export function observeEngine({ counter, histogram }: Metrics): EngineObserver {
  const delay = histogram('twite_queue_delivery_delay_seconds');
  const handling = histogram('twite_queue_handle_duration_seconds');
  const handled = counter('twite_queue_handled_total');
  const calls = histogram('twite_dependency_call_duration_seconds');
  const begun = new Set<string>();
  return {
    delivered: (queue, seconds) => delay({ queue }, seconds),
    handled(queue, seconds, messages) {
      // Reported from the first message on, so that the first failure shows as an increase.
      if (!begun.has(queue)) for (const outcome of ['retried', 'parked']) handled({ queue, outcome }, 0);
      begun.add(queue);
      handling({ queue }, seconds);
      handled({ queue, outcome: 'handled' }, messages);
    },
    retried: (queue) => handled({ queue, outcome: 'retried' }),
    parked: (queue) => handled({ queue, outcome: 'parked' }),
    published() {},
    called: (dependency, outcome, seconds) => calls({ dependency, outcome }, seconds),
    notCalled() {},
  };
}

/** Does the same for the distributed engine, including its own kinds of work. */
export function observeDistributed(metrics: Metrics, does: DistributedWork): EngineObserver {
  const rejected = metrics.counter('twite_circuit_breaker_rejected_total');
  const relayed = does.relays ? metrics.counter('twite_relay_published_total') : undefined;
  const published = does.usesBroker ? metrics.counter('twite_queue_published_total') : undefined;
  if (does.relays) metrics.counter('twite_queue_handled_total')({ queue: 'relay', outcome: 'parked' }, 0);
  return {
    ...observeEngine(metrics),
    published(kind) {
      if (kind === 'event' || kind === 'barrier') relayed?.({ kind });
      else published?.({ kind });
    },
    notCalled: (dependency) => rejected({ dependency }),
  };
}

export interface DistributedWork {
  readonly relays: boolean;
  readonly usesBroker: boolean;
}

const pingMsMax = 2_000;

/** The figures that every engine provides when metrics are scraped. */
function measureOpenEngine(
  { observe }: Metrics,
  open: OpenEngine,
  caches: () => readonly CacheState[],
): void {
  observe(caches, {
    twite_cache_requests_total: (states) =>
      states.flatMap(({ name: cache, hits, misses }) => [
        [{ cache, result: 'hit' }, hits] as const,
        [{ cache, result: 'miss' }, misses] as const,
      ]),
    twite_cache_entries: (states) =>
      states.flatMap(({ name: cache, entries }) => (entries === null ? [] : [[{ cache }, entries] as const])),
  });
  observe(() => open.status(pingMsMax), {
    twite_dependency_up: ({ dependencies }) =>
      dependencies.map(({ name: dependency, latencyMs }) => [{ dependency }, latencyMs === null ? 0 : 1]),
  });
}

/** The state of the queues when metrics are scraped. */
function measureQueues({ observe }: Metrics, { engine: { queues } }: OpenEngine): void {
  const each = (pick: (state: QueueState) => number) => (states: readonly QueueState[]) =>
    states.map((state) => [{ queue: state.queue }, pick(state)] as const);
  observe(() => queues.list(), {
    twite_queue_messages_ready: each(({ waiting, inFlight }) => waiting - inFlight),
    twite_queue_messages_in_flight: each(({ inFlight }) => inFlight),
    twite_queue_messages_parked: each(({ parked }) => parked),
    twite_queue_oldest_message_age_seconds: each(({ oldestMs }) => (oldestMs ?? 0) / 1_000),
    twite_queue_workers: each(({ workers }) => workers),
  });
}

/** The embedded engine. */
export function measureEmbedded(
  metrics: Metrics,
  open: OpenEngine & { cacheStates(): readonly CacheState[] },
): void {
  measureOpenEngine(metrics, open, () => open.cacheStates());
  measureQueues(metrics, open);
}

/** The distributed engine, as far as this process uses it. */
export function measureDistributed(metrics: Metrics, open: DistributedEngine, does: DistributedWork): void {
  const { observe, counter } = metrics;
  const rejected = counter('twite_circuit_breaker_rejected_total');
  for (const { name: dependency } of open.state().dependencies) rejected({ dependency }, 0);
  measureOpenEngine(metrics, open, () => open.state().caches);
  observe(() => open.state(), {
    twite_circuit_breaker_open: ({ dependencies }) =>
      dependencies.map(({ name: dependency, isOpen }) => [{ dependency }, isOpen ? 1 : 0]),
    twite_cache_bus_failures_total: ({ busFailures }) => busFailures,
    twite_machine_lease_held: ({ isLeaseHeld }) => (isLeaseHeld ? 1 : 0),
  });
  if (does.usesBroker) {
    measureQueues(metrics, open);
    observe(() => open.relayStatus(), {
      twite_relay_lag_seconds: ({ lagMs }) => (lagMs === null ? [] : lagMs / 1_000),
    });
  }
  if (!does.relays) return;
  observe(() => open.relayStandings(), {
    twite_relay_leader: (standings) =>
      standings.map(({ relay: deployment, state }) => [{ deployment }, state === 'leads' ? 1 : 0]),
  });
}
