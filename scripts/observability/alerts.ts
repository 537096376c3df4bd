import { type Slo, slos } from './slos.ts';

/** `page`: act now. `ticket`: act today. */
export type Severity = 'page' | 'ticket';

export interface Alert {
  readonly name: string;
  readonly expr: string;
  /** How long the condition must hold before the alert fires. */
  readonly after: string;
  readonly severity: Severity;
  /** With `{{ $labels.x }}` and `{{ $value }}`. */
  readonly summary: string;
  /** A page of docs/operations/runbooks. */
  readonly runbook: string;
  readonly labels?: Readonly<Record<string, string>>;
}

/** Alerts on a budget that burns this fast, over a long window and still over a short one. */
interface Burn {
  readonly rate: number;
  readonly long: string;
  readonly short: string;
}

const fast: readonly Burn[] = [
  { rate: 14.4, long: '1h', short: '5m' },
  { rate: 6, long: '6h', short: '30m' },
];
const slow: readonly Burn[] = [
  { rate: 3, long: '1d', short: '2h' },
  { rate: 1, long: '3d', short: '6h' },
];

/** The windows over which burn rates are recorded. */
export const burnWindows: readonly string[] = ['5m', '30m', '1h', '2h', '6h', '1d', '3d'];

/** On a quiet instance a single failure is a large share: fewer bad events than this cause no alert. */
const leastErrors = 10;

const burnExpression = ({ name, objective }: Slo, burns: readonly Burn[]): string => {
  const slo = `{slo="${name}"}`;
  const budget = Number((1 - objective).toFixed(6));
  const conditions = burns.map(({ rate, long, short }) => {
    const limit = Number((rate * budget).toFixed(6));
    return `(twite:slo_error_ratio:rate${long}${slo} > ${limit} and twite:slo_error_ratio:rate${short}${slo} > ${limit})`;
  });
  const window = burns[0]?.long ?? '1h';
  const seconds = window === '1d' ? 86_400 : 3_600;
  return `(${conditions.join(' or ')}) and avg_over_time(twite:slo_errors:rate5m${slo}[${window}]) * ${seconds} >= ${leastErrors}`;
};

const burnAlerts = (slo: Slo, name: string): Alert[] => [
  {
    name: `${name}BurnsFast`,
    expr: burnExpression(slo, fast),
    after: '2m',
    severity: 'page',
    summary: `${slo.title}: {{ $value | humanizePercentage }} of events were bad; the budget of 30 days ends within days`,
    runbook: slo.runbook,
    labels: { slo: slo.name },
  },
  {
    name: `${name}BurnsSlowly`,
    expr: burnExpression(slo, slow),
    after: '15m',
    severity: 'ticket',
    summary: `${slo.title}: {{ $value | humanizePercentage }} of events were bad; the budget of 30 days will not last`,
    runbook: slo.runbook,
    labels: { slo: slo.name },
  },
];

const names: Readonly<Record<string, string>> = {
  availability: 'Availability',
  'home-read-latency': 'HomeReadLatency',
  'delivery-delay': 'DeliveryDelay',
};

export const sloAlerts: readonly Alert[] = slos.flatMap((slo) =>
  burnAlerts(slo, names[slo.name] ?? slo.name),
);

/** Alerts about Twite's processes, of either engine. */
export const processAlerts: readonly Alert[] = [
  {
    name: 'EventLoopSaturated',
    expr: 'rate(twite_event_loop_active_seconds_total[5m]) > 0.9',
    after: '10m',
    severity: 'ticket',
    summary:
      '{{ $labels.job }} {{ $labels.instance }} uses {{ $value | humanizePercentage }} of its main thread',
    runbook: 'saturation',
  },
  {
    name: 'RequestsShed',
    expr: 'sum by (priority) (rate(twite_http_requests_shed_total[5m])) > 0.1',
    after: '5m',
    severity: 'ticket',
    summary:
      'Servers refuse {{ $value | humanize }} requests of {{ $labels.priority }} priority a second, because they are overloaded',
    runbook: 'saturation',
  },
  {
    name: 'PoolRefusesTasks',
    expr: 'sum by (pool) (rate(twite_pool_tasks_refused_total[5m])) > 0',
    after: '5m',
    severity: 'ticket',
    summary:
      'Too many tasks wait for the child processes of the pool {{ $labels.pool }}: new ones are refused',
    runbook: 'saturation',
  },
  {
    name: 'FileDescriptorsRunOut',
    expr: 'process_open_fds / process_max_fds > 0.8',
    after: '5m',
    severity: 'ticket',
    summary:
      '{{ $labels.job }} {{ $labels.instance }} has {{ $value | humanizePercentage }} of its file descriptors open',
    runbook: 'saturation',
  },
  {
    name: 'ProcessRestarts',
    expr: 'changes(process_start_time_seconds{job!~"prometheus|alertmanager|grafana"}[15m]) > 2',
    after: '0m',
    severity: 'ticket',
    summary:
      '{{ $labels.job }} {{ $labels.instance }} started {{ $value | humanize }} times within 15 minutes',
    runbook: 'targets',
  },
  {
    name: 'QueueFallsBehind',
    expr: 'max by (queue) (twite_queue_oldest_message_age_seconds) > 300',
    after: '10m',
    severity: 'ticket',
    summary: 'The oldest message of the queue {{ $labels.queue }} waits for {{ $value | humanizeDuration }}',
    runbook: 'queues',
  },
  {
    name: 'QueueHasNoWorker',
    expr: 'max by (queue) (twite_queue_workers) == 0',
    after: '5m',
    severity: 'ticket',
    summary: 'No process consumes the queue {{ $labels.queue }}',
    runbook: 'queues',
  },
  {
    name: 'MessagesParked',
    expr: 'max by (queue) (twite_queue_messages_parked) > 0',
    after: '1m',
    severity: 'ticket',
    summary: '{{ $value }} messages of the queue {{ $labels.queue }} were parked',
    runbook: 'parked-messages',
  },
  {
    name: 'DependencyDown',
    expr: 'max by (dependency) (twite_dependency_up) == 0',
    after: '2m',
    severity: 'page',
    summary: 'No process can reach {{ $labels.dependency }}',
    runbook: 'dependencies',
  },
  {
    name: 'CircuitBreakerOpen',
    expr: 'max by (job, dependency) (twite_circuit_breaker_open) == 1',
    after: '5m',
    severity: 'ticket',
    summary: '{{ $labels.job }} does not call {{ $labels.dependency }}, because it keeps failing',
    runbook: 'dependencies',
  },
  {
    name: 'StorageFull',
    expr: 'max by (job, instance) (twite_storage_full) == 1',
    after: '0m',
    severity: 'page',
    summary: 'The disk of {{ $labels.instance }} is full: writes are refused',
    runbook: 'disk',
  },
];

/** Alerts about the services next to Twite's processes in compose.yaml, and about which processes must run there. */
export const serviceAlerts: readonly Alert[] = [
  {
    name: 'TargetDown',
    expr: 'up == 0',
    after: '3m',
    severity: 'ticket',
    summary: 'Prometheus cannot scrape {{ $labels.job }} {{ $labels.instance }}',
    runbook: 'targets',
  },
  {
    name: 'ServiceMissing',
    // absent() of a comparison has no labels.
    expr: ['gateway', 'posts', 'social', 'profile', 'worker']
      .map((job) => `label_replace(absent(up{job="${job}"} == 1), "job", "${job}", "", "")`)
      .join(' or '),
    after: '2m',
    severity: 'page',
    summary: 'No process of {{ $labels.job }} is running',
    runbook: 'targets',
  },
  {
    name: 'RelayHasNoLeader',
    expr: 'max by (deployment) (twite_relay_leader) == 0 or absent(twite_relay_leader)',
    after: '1m',
    severity: 'page',
    summary: 'No relay leads: changes do not reach timelines, searches and counts',
    runbook: 'relay',
  },
  {
    name: 'RelayFallsBehind',
    expr: 'max(twite_relay_lag_seconds) > 60',
    after: '5m',
    severity: 'ticket',
    summary: 'The relay is {{ $value | humanizeDuration }} behind MongoDB',
    runbook: 'relay',
  },
  {
    name: 'RelayLosesHistory',
    expr: 'max(twite_relay_lag_seconds) > 0.25 * min(mongodb_oplog_window_seconds)',
    after: '1m',
    severity: 'page',
    summary:
      'The relay is {{ $value | humanizeDuration }} behind MongoDB, a quarter of its change history: beyond that, it needs a snapshot',
    runbook: 'relay',
  },
  {
    name: 'MachineLeaseLost',
    expr: 'max by (job, instance) (twite_machine_lease_held) == 0',
    after: '1m',
    severity: 'ticket',
    summary: '{{ $labels.job }} {{ $labels.instance }} has no machine number and refuses writes',
    runbook: 'dependencies',
  },
  {
    name: 'BrokerAlarm',
    expr: 'max(rabbitmq_alarms_memory_used_watermark) == 1 or max(rabbitmq_alarms_free_disk_space_watermark) == 1 or max(rabbitmq_alarms_file_descriptor_limit) == 1',
    after: '1m',
    severity: 'page',
    summary: 'RabbitMQ is short of memory, disk or file descriptors, and blocks publishers',
    runbook: 'saturation',
  },
  {
    name: 'SearchIndexUnreadable',
    expr: 'max(elasticsearch_cluster_health_status{color="red"}) == 1',
    after: '5m',
    severity: 'ticket',
    summary: 'The status of Elasticsearch is red: an index cannot be read',
    runbook: 'dependencies',
  },
  {
    name: 'DiskAlmostFull',
    expr: 'label_replace(min(rabbitmq_disk_space_available_bytes), "store", "rabbitmq", "", "") < 2e9 or label_replace(min(elasticsearch_filesystem_data_available_bytes / elasticsearch_filesystem_data_size_bytes), "store", "elasticsearch", "", "") < 0.1 or label_replace(1 - max(mongodb_disk_used_bytes / mongodb_disk_bytes), "store", "mongodb", "", "") < 0.1 or label_replace(min(twite_data_free_bytes), "store", "data folder", "", "") < 2e9',
    after: '5m',
    severity: 'ticket',
    summary: 'The disk of {{ $labels.store }} is almost full',
    runbook: 'disk',
  },
  {
    name: 'DiskFillsUp',
    expr: 'predict_linear(twite_data_free_bytes[6h], 86400) < 0 or predict_linear(rabbitmq_disk_space_available_bytes[6h], 86400) < 0 or predict_linear(elasticsearch_filesystem_data_available_bytes[6h], 86400) < 0',
    after: '30m',
    severity: 'ticket',
    summary: 'The disk of {{ $labels.job }} will be full within a day at the rate of the last six hours',
    runbook: 'disk',
  },
  {
    name: 'CertificateExpires',
    expr: '(twite_certificate_expiry_timestamp_seconds or probe_ssl_earliest_cert_expiry) - time() < 14 * 86400',
    after: '1h',
    severity: 'ticket',
    summary:
      'The certificate of {{ $labels.domain }}{{ $labels.instance }} expires in {{ $value | humanizeDuration }} and was not renewed',
    runbook: 'certificate',
  },
  {
    name: 'CertificateEnds',
    expr: '(twite_certificate_expiry_timestamp_seconds or probe_ssl_earliest_cert_expiry) - time() < 3 * 86400',
    after: '15m',
    severity: 'page',
    summary:
      'The certificate of {{ $labels.domain }}{{ $labels.instance }} expires in {{ $value | humanizeDuration }}',
    runbook: 'certificate',
  },
  {
    name: 'AlertsNotSent',
    expr: 'sum by (integration) (rate(alertmanager_notifications_failed_total[5m])) > 0 or sum(rate(prometheus_notifications_dropped_total[5m])) > 0',
    after: '5m',
    severity: 'ticket',
    summary: 'Alerts could not be sent {{ $labels.integration }}',
    runbook: 'alerting',
  },
];
