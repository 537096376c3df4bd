import type { LabelKind } from './metric-labels.ts';

/**
 * Which processes report a metric. `embedded`: the one process of the embedded engine. `server`, `worker` and `relay`:
 * of the distributed engine, where one process may be all three.
 */
export type MetricProcess = 'embedded' | 'server' | 'worker' | 'relay';

export interface MetricDefinition {
  readonly type: 'counter' | 'gauge' | 'histogram';
  /** The unit of the value: seconds, bytes, or the counted thing. */
  readonly unit: string;
  readonly help: string;
  /** By name; the kind determines the possible values. */
  readonly labels: Readonly<Record<string, LabelKind>>;
  readonly processes: readonly MetricProcess[];
  /** The upper bounds of a histogram. */
  readonly buckets?: readonly number[];
  /** Whether all combinations of its labels exist from the start, at zero. Metrics without labels always do. */
  readonly startsComplete?: boolean;
  /** The condition under which a process reports it, if not always. */
  readonly onlyWith?: string;
}

/** For requests and calls: from a cached read to the longest wait of any caller. */
const callSeconds = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;
/** For messages in queues: from no delay to an outage. */
const delaySeconds = [0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 1_800] as const;
/** For work of child processes and jobs. */
const workSeconds = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 120] as const;

const serving = ['embedded', 'server'] as const;
const working = ['embedded', 'worker'] as const;
const everywhere = ['embedded', 'server', 'worker', 'relay'] as const;
const distributed = ['server', 'worker', 'relay'] as const;
/** `server`, `worker` and `relay` if they have the address of RabbitMQ. */
const withQueues = ['embedded', 'server', 'worker', 'relay'] as const;
const onlyWithBroker = 'RabbitMQ: of servers, those of the service `profile`';

/**
 * Every metric of Twite: instruments, docs/operations/metrics.md, and the tests of dashboards and alerts derive from
 * it.
 */
export const metricCatalogue = {
  twite_build_info: {
    type: 'gauge',
    unit: '1',
    help: 'Always 1. The release and the role of the process.',
    labels: { version: 'version', role: 'role' },
    processes: everywhere,
  },
  twite_event_loop_active_seconds_total: {
    type: 'counter',
    unit: 'seconds',
    help: 'Time that the event loop was busy. Its rate is the utilization of the main thread: 1 is one full core.',
    labels: {},
    processes: everywhere,
  },

  twite_http_requests_total: {
    type: 'counter',
    unit: 'requests',
    help: 'Completed requests, by operation, method and status.',
    labels: { operation: 'operation', method: 'method', status: 'status' },
    processes: serving,
  },
  twite_http_request_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time from the headers of a request to the end of its response.',
    labels: { operation: 'operation', method: 'method', status: 'statusClass' },
    processes: serving,
    buckets: callSeconds,
  },
  twite_http_requests_in_flight: {
    type: 'gauge',
    unit: 'requests',
    help: 'Requests in progress.',
    labels: {},
    processes: serving,
  },
  twite_http_requests_shed_total: {
    type: 'counter',
    unit: 'requests',
    help: 'Requests refused with 503 before any work, because the server was overloaded.',
    labels: { priority: 'priority' },
    startsComplete: true,
    processes: serving,
  },
  twite_rate_limited_total: {
    type: 'counter',
    unit: 'requests',
    help: 'Requests refused with 429, by rate-limit policy.',
    labels: { policy: 'policy' },
    startsComplete: true,
    processes: serving,
  },
  twite_sign_ins_total: {
    type: 'counter',
    unit: 'attempts',
    help: 'Attempts to sign in with a password, by outcome.',
    labels: { outcome: 'signInOutcome' },
    startsComplete: true,
    processes: serving,
  },

  twite_pool_tasks_running: {
    type: 'gauge',
    unit: 'tasks',
    help: 'Tasks that child processes are running.',
    labels: { pool: 'pool' },
    processes: ['embedded', 'server', 'worker'],
  },
  twite_pool_tasks_running_max: {
    type: 'gauge',
    unit: 'tasks',
    help: 'Maximum number of concurrent tasks of the pool.',
    labels: { pool: 'pool' },
    processes: ['embedded', 'server', 'worker'],
  },
  twite_pool_tasks_waiting: {
    type: 'gauge',
    unit: 'tasks',
    help: 'Tasks waiting for a child process.',
    labels: { pool: 'pool' },
    processes: ['embedded', 'server', 'worker'],
  },
  twite_pool_tasks_refused_total: {
    type: 'counter',
    unit: 'tasks',
    help: 'Tasks refused as `overloaded`, because the queue was full.',
    labels: { pool: 'pool' },
    processes: ['embedded', 'server', 'worker'],
  },
  twite_pool_task_failures_total: {
    type: 'counter',
    unit: 'tasks',
    help: 'Tasks that failed in their child process.',
    labels: { pool: 'pool', reason: 'poolFailure' },
    processes: ['embedded', 'server', 'worker'],
  },
  twite_pool_task_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time of a task in its child process, excluding the wait for the process.',
    labels: { pool: 'pool' },
    processes: ['embedded', 'server', 'worker'],
    buckets: workSeconds,
  },
  twite_pool_processes: {
    type: 'gauge',
    unit: 'processes',
    help: 'Child processes, busy or idle. Idle processes exit after a while.',
    labels: { pool: 'pool' },
    processes: ['embedded', 'server', 'worker'],
  },

  twite_queue_messages_ready: {
    type: 'gauge',
    unit: 'messages',
    help: 'Messages waiting in a queue that no consumer has received yet. The same from every process: take the maximum.',
    labels: { queue: 'queue' },
    processes: withQueues,
    onlyWith: onlyWithBroker,
  },
  twite_queue_messages_in_flight: {
    type: 'gauge',
    unit: 'messages',
    help: 'Messages that consumers have received and not finished. The same from every process: take the maximum.',
    labels: { queue: 'queue' },
    processes: withQueues,
    onlyWith: onlyWithBroker,
  },
  twite_queue_messages_parked: {
    type: 'gauge',
    unit: 'messages',
    help: 'Messages set aside because they failed five times or could not be read. The same from every process: take the maximum.',
    labels: { queue: 'queue' },
    processes: withQueues,
    onlyWith: onlyWithBroker,
  },
  twite_queue_oldest_message_age_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Age of the oldest unfinished message; 0 if there is none. The same from every process: take the maximum.',
    labels: { queue: 'queue' },
    processes: withQueues,
    onlyWith: onlyWithBroker,
  },
  twite_queue_workers: {
    type: 'gauge',
    unit: 'processes',
    help: 'Processes that consume a queue. The same from every process: take the maximum.',
    labels: { queue: 'queue' },
    processes: withQueues,
    onlyWith: onlyWithBroker,
  },
  twite_queue_handled_total: {
    type: 'counter',
    unit: 'messages',
    help: 'Messages that this process handled, will retry, or parked.',
    labels: { queue: 'queue', outcome: 'handleOutcome' },
    processes: ['embedded', 'worker', 'relay'],
  },
  twite_queue_handle_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time of a handler for a batch of events, or for a job.',
    labels: { queue: 'queue' },
    processes: working,
    buckets: workSeconds,
  },
  twite_queue_delivery_delay_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time from an event, or from the due time of a job, until a consumer received its message.',
    labels: { queue: 'queue' },
    processes: working,
    buckets: delaySeconds,
  },
  twite_queue_published_total: {
    type: 'counter',
    unit: 'messages',
    help: 'Jobs and replayed messages that this process published to their queues.',
    labels: { kind: 'queueKind' },
    startsComplete: true,
    processes: distributed,
    onlyWith: onlyWithBroker,
  },

  twite_relay_leader: {
    type: 'gauge',
    unit: '1',
    help: '1 while this process is the leading relay of a MongoDB deployment, else 0. One process leads at a time.',
    labels: { deployment: 'deployment' },
    processes: ['relay'],
  },
  twite_relay_lag_seconds: {
    type: 'gauge',
    unit: 'seconds',
    help: 'Lag of the relay behind MongoDB, of the deployment with the largest lag. It grows while no relay leads. The same from every process: take the maximum.',
    labels: {},
    processes: distributed,
    onlyWith: onlyWithBroker,
  },
  twite_relay_published_total: {
    type: 'counter',
    unit: 'messages',
    help: 'Messages that this process relayed and the broker confirmed.',
    labels: { kind: 'relayKind' },
    startsComplete: true,
    processes: ['relay'],
  },
  twite_machine_lease_held: {
    type: 'gauge',
    unit: '1',
    help: '0 while the process has no machine number for ids and therefore refuses writes, else 1.',
    labels: {},
    processes: distributed,
  },

  twite_post_delivery_delay_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: "Time from a post until it was pushed to a chunk of followers' timelines; one observation per chunk.",
    labels: {},
    processes: working,
    buckets: delaySeconds,
  },
  twite_post_searchable_delay_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time from a post until a search finds it. With Elasticsearch, one post of each batch is measured.',
    labels: {},
    processes: working,
    buckets: delaySeconds,
  },
  twite_timeline_pushes_total: {
    type: 'counter',
    unit: 'pushes',
    help: 'Timelines that fan-out pushed posts to.',
    labels: {},
    processes: working,
  },

  twite_cache_requests_total: {
    type: 'counter',
    unit: 'look-ups',
    help: 'Cache lookups, by result.',
    labels: { cache: 'cache', result: 'cacheResult' },
    processes: everywhere,
  },
  twite_cache_entries: {
    type: 'gauge',
    unit: 'entries',
    help: 'Entries in the caches of this process.',
    labels: { cache: 'cache' },
    processes: everywhere,
  },
  twite_cache_bus_failures_total: {
    type: 'counter',
    unit: 'messages',
    help: 'Invalidations that did not reach other processes, which bypass their caches until an invalidation arrives again.',
    labels: {},
    processes: distributed,
  },

  twite_dependency_up: {
    type: 'gauge',
    unit: '1',
    help: '1 if the dependency answered a ping within two seconds, else 0.',
    labels: { dependency: 'dependency' },
    processes: everywhere,
  },
  twite_circuit_breaker_open: {
    type: 'gauge',
    unit: '1',
    help: '1 while the circuit breaker of the dependency is open, else 0.',
    labels: { dependency: 'dependency' },
    processes: distributed,
  },
  twite_circuit_breaker_rejected_total: {
    type: 'counter',
    unit: 'calls',
    help: 'Calls rejected because the circuit breaker was open.',
    labels: { dependency: 'dependency' },
    processes: distributed,
  },
  twite_dependency_call_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time of calls to a dependency. For `sqlite`: of writes, including the wait for the writer.',
    labels: { dependency: 'dependency', outcome: 'callOutcome' },
    processes: everywhere,
    buckets: callSeconds,
  },

  twite_media_uploads_total: {
    type: 'counter',
    unit: 'uploads',
    help: 'Uploads, by outcome.',
    labels: { outcome: 'uploadOutcome' },
    startsComplete: true,
    processes: serving,
    onlyWith: 'the service `posts`',
  },
  twite_media_upload_bytes_total: {
    type: 'counter',
    unit: 'bytes',
    help: 'Bytes received in uploads, including refused uploads.',
    labels: {},
    processes: serving,
    onlyWith: 'the service `posts`',
  },
  twite_blob_store_call_duration_seconds: {
    type: 'histogram',
    unit: 'seconds',
    help: 'Time of calls to the media store: S3, or the media folder.',
    labels: { call: 'blobCall', outcome: 'callOutcome' },
    processes: ['embedded', 'server', 'worker'],
    buckets: callSeconds,
    onlyWith: 'an object store',
  },
  twite_blob_store_bytes_total: {
    type: 'counter',
    unit: 'bytes',
    help: 'Bytes written to and read from the media store.',
    labels: { direction: 'direction' },
    startsComplete: true,
    processes: ['embedded', 'server', 'worker'],
    onlyWith: 'an object store',
  },

  twite_storage_full: {
    type: 'gauge',
    unit: '1',
    help: '1 while writes are refused because the disk is full, else 0.',
    labels: {},
    processes: ['embedded'],
  },
  twite_data_free_bytes: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Free space on the disk of the data folder.',
    labels: {},
    processes: ['embedded'],
    onlyWith: 'a data folder',
  },
  twite_data_bytes: {
    type: 'gauge',
    unit: 'bytes',
    help: 'Size of the files in the data folder.',
    labels: { part: 'dataPart' },
    processes: ['embedded'],
    onlyWith: 'a data folder',
  },
} as const satisfies Readonly<Record<`twite_${string}`, MetricDefinition>>;

type Catalogue = typeof metricCatalogue;
export type MetricName = keyof Catalogue;
export type MetricNameOf<T extends MetricDefinition['type']> = {
  [N in MetricName]: Catalogue[N]['type'] extends T ? N : never;
}[MetricName];
/** The labels of one series. */
export type LabelsOf<N extends MetricName> = { readonly [L in keyof Catalogue[N]['labels']]: string };

/** The part of prom-client's default metrics that dashboards and alerts may use. */
export const runtimeMetrics = {
  process_cpu_seconds_total: 'CPU time of the process, user and system; of child processes nothing.',
  process_start_time_seconds: 'When the process started, in seconds since 1970.',
  process_resident_memory_bytes: 'Memory of the process in RAM.',
  process_open_fds: 'Open file descriptors.',
  process_max_fds: 'How many file descriptors may be open.',
  nodejs_eventloop_lag_seconds: 'Delay of the event loop at the moment of the scrape.',
  nodejs_eventloop_lag_mean_seconds: 'Mean delay of the event loop since the last scrape.',
  nodejs_eventloop_lag_p50_seconds: 'Median delay of the event loop since the last scrape.',
  nodejs_eventloop_lag_p99_seconds: '99th percentile of the delay of the event loop since the last scrape.',
  nodejs_heap_size_total_bytes: 'Size of the JavaScript heap.',
  nodejs_heap_size_used_bytes: 'Used part of the JavaScript heap.',
  nodejs_external_memory_bytes: 'Memory of buffers outside the heap.',
  nodejs_gc_duration_seconds: 'Histogram of garbage collections, by `kind`.',
} as const;
