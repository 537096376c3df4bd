import {
  type MetricDefinition,
  type MetricName,
  type MetricProcess,
  metricCatalogue,
  runtimeMetrics,
} from './metric-catalogue.ts';
import { type LabelKind, metricLabels } from './metric-labels.ts';

const cell = (text: string): string => text.replaceAll('|', '\\|');

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n');

/** Headings, and the prefixes of the names below each. Every metric belongs to one. */
const sections: readonly (readonly [heading: string, belongs: RegExp, text: string])[] = [
  [
    'Requests',
    /^twite_(http|rate_limited|sign_ins)_/,
    'The rate, errors and duration of every operation of the HTTP API.',
  ],
  [
    'Delays that users notice',
    /^twite_(post|timeline)_/,
    'Measured from the time in the id of the post. Posts older than a day are left out, because they come from a snapshot or a replay.',
  ],
  [
    'Queues',
    /^twite_queue_/,
    `The queues of event consumers and of each class of jobs. Every process with the address of RabbitMQ reports the gauges for all queues: do not sum them, use \`max by (queue)\`.

**The age of the oldest message.** RabbitMQ does not report it, so every message carries the time of its event, or the time at which its job was due. Consumers receive messages in order, so a consumer holds the oldest one. Each process reports its oldest message to MongoDB every second, and the age is exact. While no consumer is running, the age counts from the last known time, or from when the reporting process first saw a message wait; it can then be too small. Jobs that are due but not in the broker yet, for example during its outage, count as ready. \`twite_relay_lag_seconds\` covers changes that the relay has not published yet. In the embedded engine, the age is that of the oldest row and always exact. Parked messages do not count.`,
  ],
  ['The relay', /^twite_(relay|machine)_/, ''],
  [
    'Caches',
    /^twite_cache_/,
    'The hit rate is `sum by (cache) (rate(twite_cache_requests_total{result="hit"}[$__rate_interval]))` divided by the same without `result`. Entries that are not sufficient for a response count as misses. A read of a ready home timeline is a hit of `timelines`; a read of a cold timeline is a miss, and also a hit when it is read again after its rebuild.',
  ],
  [
    'Dependencies',
    /^twite_(dependency|circuit_breaker)_/,
    'Calls end by their deadline, and are rejected while the circuit breaker is open. RabbitMQ has no circuit breaker; its calls last from publishing a message to its confirmation. Reads of SQLite are not measured, because they are function calls.',
  ],
  ['Child processes', /^twite_pool_/, 'Passwords are hashed and media are processed in separate processes.'],
  ['Media', /^twite_(media|blob_store)_/, 'Processing is the pool `media` and the queue `jobs.media`.'],
  ['Storage', /^twite_(storage|data)_/, 'The storage of the embedded engine.'],
  ['The process', /^twite_(build|event_loop)_/, ''],
];

const processNames: Readonly<Record<MetricProcess, string>> = {
  embedded: 'embedded',
  server: 'server',
  worker: 'worker',
  relay: 'relay',
};

function rowOf(name: MetricName): readonly string[] {
  const { type, help, labels, processes, onlyWith }: MetricDefinition = metricCatalogue[name];
  const names = Object.keys(labels).map((label) => `\`${label}\``);
  const where =
    processes.length === Object.keys(processNames).length
      ? 'all'
      : processes.map((process) => processNames[process]).join(', ');
  return [
    `\`${name}\``,
    type,
    names.join(', '),
    help,
    onlyWith === undefined ? where : `${where}; only with ${onlyWith}`,
  ];
}

const namesIn = (belongs: RegExp): MetricName[] =>
  (Object.keys(metricCatalogue) as MetricName[]).filter((name) => belongs.test(name));

const sectionText = ([heading, belongs, text]: (typeof sections)[number]): string =>
  [
    `## ${heading}`,
    text,
    table(['metric', 'type', 'labels', 'help', 'reported by'], namesIn(belongs).map(rowOf)),
  ]
    .filter((part) => part !== '')
    .join('\n\n');

/** Names of labels by their kind. */
function labelNames(kind: LabelKind): string {
  const names = new Set<string>();
  for (const { labels } of Object.values<MetricDefinition>(metricCatalogue))
    for (const [name, of] of Object.entries(labels)) if (of === kind) names.add(`\`${name}\``);
  return [...names].join(', ');
}

function metricsWith(kind: LabelKind): string {
  const names = Object.entries<MetricDefinition>(metricCatalogue)
    .filter(([, { labels }]) => Object.values(labels).includes(kind))
    .map(([name]) => `\`${name}\``);
  return names.length > 3 ? `${names.length} metrics` : names.join(', ');
}

/** The page docs/operations/metrics.md. */
export function metricsPage(): string {
  const labels = (Object.keys(metricLabels) as LabelKind[]).map((kind) => {
    const { help, values } = metricLabels[kind];
    return [labelNames(kind), metricsWith(kind), help, values === undefined ? 'one' : String(values.length)];
  });
  const buckets = Object.entries<MetricDefinition>(metricCatalogue).flatMap(([name, { buckets: bounds }]) =>
    bounds === undefined ? [] : [[`\`${name}\``, bounds.join(', ')]],
  );
  const runtime = Object.entries(runtimeMetrics).map(([name, help]) => [`\`${name}\``, help]);
  return `# Metrics

Every process serves its metrics at \`/metrics\` on \`TWITE_METRICS_PORT\`, in the text format of Prometheus. Metrics of requests follow the
RED method (rate, errors, duration), metrics of resources the USE method (utilization, saturation, errors).
For what to watch and when to act, see [processes.md](processes.md#what-to-watch).

Each label has a fixed list of values; any other value is reported as \`other\`. Counters with few series exist from the start, at
zero. A scrape queries each dependency once, and leaves out what it cannot get within three seconds.

\`embedded\` is the process of the embedded engine; \`server\`, \`worker\` and \`relay\` are those of the distributed engine, where
\`twite up\` combines all three.

${sections.map(sectionText).join('\n\n')}

From Node.js, by prom-client, in every process:

${table(['metric', 'help'], runtime)}

## Labels

${table(['label', 'metrics', 'values', 'number of values'], labels)}

## Buckets

${table(['histogram', 'upper bounds'], buckets)}

This page is generated from the table in the source: \`npm run generate\`.
`;
}
