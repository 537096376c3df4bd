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
    'Of the HTTP API: rate, errors and duration of every operation.',
  ],
  [
    'Delays that people notice',
    /^twite_(post|timeline)_/,
    'Measured from the time in the id of the post. Posts that are older than a day are left out: they come with a snapshot or a replay.',
  ],
  [
    'Queues',
    /^twite_queue_/,
    `Of consumers of events, and of jobs by class. Every process that has the address of RabbitMQ reports the gauges for all queues: add up nothing, take \`max by (queue)\`.

**The age of the oldest message.** RabbitMQ does not report it, so every message carries the time of its event, or the time at which its job was due. Consumers receive messages in order, so the oldest is among those that a consumer holds: each process reports the oldest that it holds to MongoDB every second, and the age is exact. While no consumer runs, the age counts from the last time that was known, else from when the reporting process first saw a message wait: it can be too small by what happened before, and it grows. Jobs that are due and not in the broker yet, as while it is away, count as ready. What MongoDB has not handed to the broker yet is \`twite_relay_lag_seconds\`. In the embedded engine the age is read from the oldest row, and is always exact. The age of a parked message does not count.`,
  ],
  ['The relay', /^twite_(relay|machine)_/, ''],
  [
    'Caches',
    /^twite_cache_/,
    'The rate of hits is `sum by (cache) (rate(twite_cache_requests_total{result="hit"}[$__rate_interval]))` over the same without `result`. What is found and is too little to answer counts as a miss. A read of a ready home timeline is a hit of `timelines`; one of a cold timeline is a miss, and a hit when it is read again after its rebuild.',
  ],
  [
    'Dependencies',
    /^twite_(dependency|circuit_breaker)_/,
    'Each call within its deadline, and none while the circuit breaker is open. RabbitMQ has no circuit breaker: its calls are messages until they are confirmed. Reads of SQLite are not measured: they take no call.',
  ],
  [
    'Child processes',
    /^twite_pool_/,
    'Passwords are hashed, and media processed, in processes of their own.',
  ],
  ['Media', /^twite_(media|blob_store)_/, 'Processing is the pool `media` and the queue `jobs.media`.'],
  ['Storage', /^twite_(storage|data)_/, 'Of the embedded engine.'],
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

Every process serves its metrics at \`/metrics\` on \`TWITE_METRICS_PORT\`, in the text format of Prometheus. They follow the RED method
for what is asked of a process (rate, errors, duration), and the USE method for what it has (utilization, saturation, errors).
What to watch, and when to act: [processes.md](processes.md#what-to-watch).

Each label has a fixed list of values, whatever clients send: anything else is reported as \`other\`. Counters with few series are
there from the start, at zero. A scrape asks each dependency once. What cannot be asked within three seconds is left out of that
scrape.

\`embedded\` is the one process of the embedded engine; \`server\`, \`worker\` and \`relay\` are those of the distributed engine, where
\`twite up\` is all three in one.

${sections.map(sectionText).join('\n\n')}

From Node.js, by prom-client, in every process:

${table(['metric', 'help'], runtime)}

## Labels

${table(['label', 'of', 'values', 'how many'], labels)}

## Buckets

${table(['histogram', 'upper bounds'], buckets)}

This page is made from the table in the source: \`npm run generate\`.
`;
}
