/** Series of a promtool test: the name, and samples a minute apart in promtool's notation. */
export type Series = Readonly<Record<string, string>>;

/** When an alert must fire, and when it must not. */
export interface AlertCase {
  /** Series that make it fire. */
  readonly series: Series;
  /** When it must have fired, such as `20m`. */
  readonly at: string;
  /** The labels of each firing alert, besides severity and slo. */
  readonly labels: readonly Readonly<Record<string, string>>[];
  /** The summary of the first one. */
  readonly summary: string;
  /** Similar series with which it must not fire at the same time. */
  readonly quiet: Series;
}

const requests = (status: string, samples: string) => ({
  [`twite_http_requests_total{status="${status}"}`]: samples,
});
const answered = (code: string, samples: string) => ({
  [`haproxy_frontend_http_responses_total{proxy="api",code="${code}"}`]: samples,
});

/** Series of a histogram: all observations, and those within the bound. */
const timed = (name: string, labels: string, bound: string, all: string, good: string) => ({
  [`${name}_count{${labels}}`]: all,
  [`${name}_bucket{${labels === '' ? '' : `${labels},`}le="${bound}"}`]: good,
});
const homeReads = (all: string, good: string) =>
  timed('twite_http_request_duration_seconds', 'operation="getHomeTimeline",status="2xx"', '0.25', all, good);
const deliveries = (all: string, good: string) =>
  timed('twite_post_delivery_delay_seconds', '', '2.5', all, good);

const everyService = ['gateway', 'posts', 'social', 'profile', 'worker'];
const allUp = (samples: string) =>
  Object.fromEntries(everyService.map((job) => [`up{job="${job}",instance="1"}`, samples]));

const certificate = 'twite_certificate_expiry_timestamp_seconds{domain="twite.example"}';
const day = 86_400;

/** A case for each alert. */
export const alertCases: Readonly<Record<string, AlertCase>> = {
  AvailabilityBurnsFast: {
    // 2 % of the gateway's answers; the servers see none of it.
    series: {
      ...answered('2xx', '0+5880x180'),
      ...answered('5xx', '0+120x180'),
      ...requests('200', '0+6000x180'),
    },
    at: '100m',
    labels: [{}],
    summary: 'Availability: 2% of events were bad; the budget of 30 days ends within days',
    // An hour of 5 % that has ended: the last hour still has more than 2 %.
    quiet: {
      ...answered('2xx', '0+5700x60 342000+6000x60'),
      ...answered('5xx', '0+300x60 18000x60'),
    },
  },
  AvailabilityBurnsSlowly: {
    // Without a gateway: 0.4 % for eight hours.
    series: { ...requests('200', '0+996x600'), ...requests('500', '0+4x600') },
    at: '480m',
    labels: [{}],
    summary: 'Availability: 0.4% of events were bad; the budget of 30 days will not last',
    quiet: {
      ...requests('200', '0+1000x600'),
      ...requests('404', '0+100x600'),
      ...requests('500', '0+0.5x600'),
    },
  },
  HomeReadLatencyBurnsFast: {
    series: homeReads('0+1000x180', '0+700x180'),
    at: '90m',
    labels: [{}],
    summary: 'Home reads within 250 ms: 30% of events were bad; the budget of 30 days ends within days',
    quiet: homeReads('0+1000x180', '0+960x180'),
  },
  HomeReadLatencyBurnsSlowly: {
    series: homeReads('0+1000x600', '0+960x600'),
    at: '480m',
    labels: [{}],
    summary: 'Home reads within 250 ms: 4% of events were bad; the budget of 30 days will not last',
    quiet: homeReads('0+1000x600', '0+995x600'),
  },
  DeliveryDelayBurnsFast: {
    series: deliveries('0+100x180', '0+80x180'),
    at: '90m',
    labels: [{}],
    summary: 'Posts delivered within 2.5 s: 20% of events were bad; the budget of 30 days ends within days',
    // The same share, of five posts an hour.
    quiet: deliveries('0+0.083333333x180', '0+0.05x180'),
  },
  DeliveryDelayBurnsSlowly: {
    series: deliveries('0+100x600', '0+96x600'),
    at: '480m',
    labels: [{}],
    summary: 'Posts delivered within 2.5 s: 4% of events were bad; the budget of 30 days will not last',
    quiet: deliveries('0+100x600', '0+99.5x600'),
  },
  EventLoopSaturated: {
    series: { 'twite_event_loop_active_seconds_total{job="posts",instance="1"}': '0+57x60' },
    at: '20m',
    labels: [{ job: 'posts', instance: '1' }],
    summary: 'posts 1 uses 95% of its main thread',
    quiet: { 'twite_event_loop_active_seconds_total{job="posts",instance="1"}': '0+48x60' },
  },
  RequestsShed: {
    series: { 'twite_http_requests_shed_total{priority="low",instance="1"}': '0+60x30' },
    at: '15m',
    labels: [{ priority: 'low' }],
    summary: 'Servers refuse 1 requests of low priority a second, because they are overloaded',
    quiet: { 'twite_http_requests_shed_total{priority="low",instance="1"}': '0+1x30' },
  },
  PoolRefusesTasks: {
    series: { 'twite_pool_tasks_refused_total{pool="media",instance="1"}': '0+3x30' },
    at: '15m',
    labels: [{ pool: 'media' }],
    summary: 'Too many tasks wait for the child processes of the pool media: new ones are refused',
    quiet: { 'twite_pool_tasks_refused_total{pool="media",instance="1"}': '7+0x30' },
  },
  FileDescriptorsRunOut: {
    series: {
      'process_open_fds{job="social",instance="1"}': '900x30',
      'process_max_fds{job="social",instance="1"}': '1000x30',
    },
    at: '15m',
    labels: [{ job: 'social', instance: '1' }],
    summary: 'social 1 has 90% of its file descriptors open',
    quiet: {
      'process_open_fds{job="social",instance="1"}': '700x30',
      'process_max_fds{job="social",instance="1"}': '1000x30',
    },
  },
  ProcessRestarts: {
    series: { 'process_start_time_seconds{job="worker",instance="1"}': '0x5 300x3 500x3 700x9' },
    at: '15m',
    labels: [{ job: 'worker', instance: '1' }],
    summary: 'worker 1 started 3 times within 15 minutes',
    quiet: { 'process_start_time_seconds{job="worker",instance="1"}': '0x5 300x15' },
  },
  QueueFallsBehind: {
    series: { 'twite_queue_oldest_message_age_seconds{queue="searchIndex",instance="1"}': '0+60x60' },
    at: '20m',
    labels: [{ queue: 'searchIndex' }],
    summary: 'The oldest message of the queue searchIndex waits for 20m 0s',
    quiet: { 'twite_queue_oldest_message_age_seconds{queue="searchIndex",instance="1"}': '240x60' },
  },
  QueueHasNoWorker: {
    series: { 'twite_queue_workers{queue="graph",instance="1"}': '0x30' },
    at: '10m',
    labels: [{ queue: 'graph' }],
    summary: 'No process consumes the queue graph',
    // One process has seen none yet.
    quiet: {
      'twite_queue_workers{queue="graph",instance="1"}': '0x30',
      'twite_queue_workers{queue="graph",instance="2"}': '1x30',
    },
  },
  MessagesParked: {
    series: {
      'twite_queue_messages_parked{queue="fanOut",instance="1"}': '0x5 2x30',
      'twite_queue_messages_parked{queue="fanOut",instance="2"}': '0x5 2x30',
    },
    at: '10m',
    labels: [{ queue: 'fanOut' }],
    summary: '2 messages of the queue fanOut were parked',
    quiet: { 'twite_queue_messages_parked{queue="fanOut",instance="1"}': '0x30' },
  },
  DependencyDown: {
    series: { 'twite_dependency_up{dependency="mongodb",instance="1"}': '1x5 0x30' },
    at: '10m',
    labels: [{ dependency: 'mongodb' }],
    summary: 'No process can reach mongodb',
    quiet: {
      'twite_dependency_up{dependency="mongodb",instance="1"}': '0x30',
      'twite_dependency_up{dependency="mongodb",instance="2"}': '1x30',
    },
  },
  CircuitBreakerOpen: {
    series: { 'twite_circuit_breaker_open{job="social",dependency="elasticsearch",instance="1"}': '1x30' },
    at: '10m',
    labels: [{ job: 'social', dependency: 'elasticsearch' }],
    summary: 'social does not call elasticsearch, because it keeps failing',
    quiet: { 'twite_circuit_breaker_open{job="social",dependency="elasticsearch",instance="1"}': '1x3 0x30' },
  },
  StorageFull: {
    series: { 'twite_storage_full{job="twite",instance="1"}': '0x5 1x30' },
    at: '10m',
    labels: [{ job: 'twite', instance: '1' }],
    summary: 'The disk of 1 is full: writes are refused',
    quiet: { 'twite_storage_full{job="twite",instance="1"}': '0x30' },
  },
  TargetDown: {
    series: { 'up{job="redis",instance="redis-exporter:9121"}': '1x5 0x30' },
    at: '15m',
    labels: [{ job: 'redis', instance: 'redis-exporter:9121' }],
    summary: 'Prometheus cannot scrape redis redis-exporter:9121',
    quiet: { 'up{job="redis",instance="redis-exporter:9121"}': '1x5 0 1x30' },
  },
  ServiceMissing: {
    series: {
      ...allUp('1x30'),
      'up{job="worker",instance="1"}': '1x3 0x30',
      'up{job="posts",instance="2"}': '0x30',
    },
    at: '10m',
    labels: [{ job: 'worker' }],
    summary: 'No process of worker is running',
    quiet: allUp('1x30'),
  },
  RelayHasNoLeader: {
    series: {
      'twite_relay_leader{deployment="posts",instance="1"}': '1x3 0x30',
      'twite_relay_leader{deployment="posts",instance="2"}': '0x30',
      'twite_relay_leader{deployment="social",instance="1"}': '1x30',
    },
    at: '10m',
    labels: [{ deployment: 'posts' }],
    summary: 'No relay leads: changes do not reach timelines, searches and counts',
    quiet: {
      'twite_relay_leader{deployment="posts",instance="1"}': '1x5 0x30',
      'twite_relay_leader{deployment="posts",instance="2"}': '0x5 1x30',
    },
  },
  RelayFallsBehind: {
    series: { 'twite_relay_lag_seconds{instance="1"}': '0+30x30' },
    at: '15m',
    labels: [{}],
    summary: 'The relay is 7m 30s behind MongoDB',
    quiet: { 'twite_relay_lag_seconds{instance="1"}': '45x30' },
  },
  RelayLosesHistory: {
    series: { 'twite_relay_lag_seconds{instance="1"}': '7200x30', mongodb_oplog_window_seconds: '14400x30' },
    at: '10m',
    labels: [{}],
    summary:
      'The relay is 2h 0m 0s behind MongoDB, a quarter of its change history: beyond that, it needs a snapshot',
    quiet: { 'twite_relay_lag_seconds{instance="1"}': '3000x30', mongodb_oplog_window_seconds: '14400x30' },
  },
  MachineLeaseLost: {
    series: { 'twite_machine_lease_held{job="posts",instance="1"}': '1x3 0x30' },
    at: '10m',
    labels: [{ job: 'posts', instance: '1' }],
    summary: 'posts 1 has no machine number and refuses writes',
    quiet: { 'twite_machine_lease_held{job="posts",instance="1"}': '1x30' },
  },
  BrokerAlarm: {
    series: {
      rabbitmq_alarms_memory_used_watermark: '0x30',
      rabbitmq_alarms_free_disk_space_watermark: '0x3 1x30',
    },
    at: '10m',
    labels: [{}],
    summary: 'RabbitMQ is short of memory, disk or file descriptors, and blocks publishers',
    quiet: {
      rabbitmq_alarms_memory_used_watermark: '0x30',
      rabbitmq_alarms_free_disk_space_watermark: '0x30',
    },
  },
  SearchIndexUnreadable: {
    series: { 'elasticsearch_cluster_health_status{color="red"}': '1x30' },
    at: '10m',
    labels: [{}],
    summary: 'The status of Elasticsearch is red: an index cannot be read',
    quiet: {
      'elasticsearch_cluster_health_status{color="red"}': '0x30',
      'elasticsearch_cluster_health_status{color="yellow"}': '1x30',
    },
  },
  DiskAlmostFull: {
    series: {
      rabbitmq_disk_space_available_bytes: '1500000000x30',
      'twite_data_free_bytes{job="twite",instance="1"}': '1500000000x30',
      'elasticsearch_filesystem_data_available_bytes{name="a"}': '5x30',
      'elasticsearch_filesystem_data_size_bytes{name="a"}': '100x30',
      mongodb_disk_used_bytes: '95x30',
      mongodb_disk_bytes: '100x30',
    },
    at: '10m',
    labels: [
      { store: 'rabbitmq' },
      { store: 'elasticsearch' },
      { store: 'mongodb' },
      { store: 'data folder' },
    ],
    summary: 'The disk of rabbitmq is almost full',
    quiet: {
      rabbitmq_disk_space_available_bytes: '15000000000x30',
      'twite_data_free_bytes{job="twite",instance="1"}': '15000000000x30',
      'elasticsearch_filesystem_data_available_bytes{name="a"}': '15x30',
      'elasticsearch_filesystem_data_size_bytes{name="a"}': '100x30',
      mongodb_disk_used_bytes: '85x30',
      mongodb_disk_bytes: '100x30',
    },
  },
  DiskFillsUp: {
    // 20 MB per minute, of 20 GB.
    series: {
      'rabbitmq_disk_space_available_bytes{job="rabbitmq",instance="1"}': '20000000000-20000000x480',
    },
    at: '420m',
    labels: [{ job: 'rabbitmq', instance: '1' }],
    summary: 'The disk of rabbitmq will be full within a day at the rate of the last six hours',
    quiet: { 'rabbitmq_disk_space_available_bytes{job="rabbitmq",instance="1"}': '20000000000-2000000x480' },
  },
  CertificateExpires: {
    series: { [certificate]: `${13 * day}x120` },
    at: '120m',
    labels: [{ domain: 'twite.example' }],
    summary: 'The certificate of twite.example expires in 12d 22h 0m 0s and was not renewed',
    quiet: { [certificate]: `${15 * day}x120` },
  },
  CertificateEnds: {
    series: { [certificate]: `${2 * day}x120` },
    at: '120m',
    labels: [{ domain: 'twite.example' }],
    summary: 'The certificate of twite.example expires in 1d 22h 0m 0s',
    quiet: { [certificate]: `${4 * day}x120` },
  },
  AlertsNotSent: {
    series: { 'alertmanager_notifications_failed_total{integration="email"}': '0+1x30' },
    at: '15m',
    labels: [{ integration: 'email' }],
    summary: 'Alerts could not be sent email',
    quiet: {
      'alertmanager_notifications_failed_total{integration="email"}': '3x30',
    },
  },
};
