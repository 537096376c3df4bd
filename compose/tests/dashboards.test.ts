import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { serviceEnvironment, testNamespaces } from '@twite/engine-distributed/testing';
import { metricCatalogue } from '@twite/process/metrics/metric-catalogue';
import { metricLabels } from '@twite/process/metrics/metric-labels';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { composeFolder, readCompose } from './compose-files.ts';
import { isInstalled, type ObservedSystem, startObservedSystem } from './observed-system.ts';
import { startPanelLoad } from './panel-load.ts';
import { type RunningPrometheus, startPrometheus } from './running-prometheus.ts';

interface Target {
  readonly refId: string;
  readonly expr: string;
  readonly legendFormat: string;
  readonly datasource: { readonly uid: string };
}

interface Panel {
  readonly id: number;
  readonly type: string;
  readonly title: string;
  readonly description?: string;
  readonly datasource?: { readonly uid: string };
  readonly gridPos: Readonly<Record<'x' | 'y' | 'w' | 'h', number>>;
  readonly fieldConfig?: { readonly defaults: { readonly unit?: string } };
  readonly targets?: readonly Target[];
}

interface Dashboard {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly editable: boolean;
  readonly panels: readonly Panel[];
  readonly templating: {
    readonly list: readonly { readonly name: string; readonly type: string; readonly query: unknown }[];
  };
}

const files = readdirSync(join(composeFolder, 'grafana/dashboards')).sort();
const dashboards = files.map((file) => JSON.parse(readCompose(`grafana/dashboards/${file}`)) as Dashboard);
const panels = dashboards.flatMap((dashboard) =>
  dashboard.panels
    .filter(({ type }) => type !== 'row')
    .map((panel): [string, Panel] => [`${dashboard.title}: ${panel.title}`, panel]),
);
const queries = panels.flatMap(([name, { targets = [] }]) =>
  targets.map(({ expr, refId }): [string, string] => [`${name} ${refId}`, expr]),
);

describe('the dashboards', () => {
  test('are five, with different addresses and titles, and can be provisioned', () => {
    expect(files).toEqual([
      'dependencies.json',
      'media.json',
      'overview.json',
      'posting.json',
      'queues.json',
    ]);
    expect(new Set(dashboards.map(({ uid }) => uid)).size).toBe(files.length);
    expect(new Set(dashboards.map(({ title }) => title)).size).toBe(files.length);
    for (const [index, dashboard] of dashboards.entries()) {
      expect(dashboard.uid).toBe(`twite-${files[index]?.replace('.json', '')}`);
      expect(dashboard.description).toMatch(/\.$/);
      expect(dashboard.editable).toBe(false);
      // Keys of a dashboard exported for sharing, whose inputs nobody fills in, or from another Grafana.
      for (const key of ['__inputs', '__requires', '__elements', 'id'])
        expect(dashboard).not.toHaveProperty(key);
      expect(JSON.stringify(dashboard)).not.toMatch(/\$\{DS_/);
    }
  });

  test.each(dashboards.map((dashboard): [string, Dashboard] => [dashboard.title, dashboard]))(
    '%s: its variables name the data source and the processes',
    (_, { templating }) => {
      expect(templating.list.map(({ name, type }) => [name, type])).toEqual([
        ['datasource', 'datasource'],
        ['job', 'query'],
        ['instance', 'query'],
      ]);
      expect(templating.list[0]?.query).toBe('prometheus');
    },
  );

  test.each(dashboards.map((dashboard): [string, Dashboard] => [dashboard.title, dashboard]))(
    '%s: no panel lies on another or outside of the grid',
    (_, { panels: all }) => {
      expect(new Set(all.map(({ id }) => id)).size).toBe(all.length);
      const taken = new Set<string>();
      for (const { title, gridPos } of all) {
        expect([title, gridPos.x + gridPos.w <= 24]).toEqual([title, true]);
        for (let x = gridPos.x; x < gridPos.x + gridPos.w; x += 1) {
          for (let y = gridPos.y; y < gridPos.y + gridPos.h; y += 1) {
            expect([title, taken.has(`${x},${y}`)]).toEqual([title, false]);
            taken.add(`${x},${y}`);
          }
        }
      }
      const titles = all.flatMap(({ type, title }) => (type === 'row' ? [] : [title]));
      expect(new Set(titles).size).toBe(titles.length);
    },
  );

  test.each(panels)('%s', (_, { title, description, datasource, fieldConfig, targets = [] }) => {
    expect(title).toMatch(/^\S/);
    expect(description).toMatch(/^.{15,}\.$/s);
    expect(fieldConfig?.defaults.unit).toMatch(/^\w+$/);
    expect(datasource?.uid).toBe('$datasource');
    expect(targets.length).toBeGreaterThan(0);
    expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
    for (const target of targets) {
      expect(target.datasource.uid).toBe('$datasource');
      expect(target.legendFormat).not.toBe('');
      // A fixed interval is wrong as soon as someone selects another range. The objectives are about 30 days.
      const intervals = [...target.expr.matchAll(/[\w}]\[([^\]]+)\]/g)].map(([, interval]) => interval);
      const allowed = target.expr.includes('twite:slo_') ? '30d' : '$__rate_interval';
      expect(intervals.filter((interval) => interval !== allowed)).toEqual([]);
      for (const [, name = ''] of target.legendFormat.matchAll(/\{\{(\w+)\}\}/g)) {
        // A label that was aggregated away would leave the legend empty.
        const kept = [...target.expr.matchAll(/by \(([^)]*)\)/g)].flatMap(([, labels = '']) =>
          labels.split(', '),
        );
        if (/^(sum|max|min|count|topk)\b/.test(target.expr)) expect(kept).toContain(name);
      }
    }
  });

  test.each(queries)('%s uses existing metrics, labels and values', (_, expr) => {
    for (const [, name = '', matchers = ''] of expr.matchAll(/\b(twite_\w+)(?:\{([^}]*)\})?/g)) {
      const base = name.replace(/_(bucket|count|sum)$/, '');
      const metric = metricCatalogue[(name in metricCatalogue ? name : base) as keyof typeof metricCatalogue];
      expect([name, metric]).toEqual([name, expect.anything()]);
      const labels: Readonly<Record<string, keyof typeof metricLabels>> = metric.labels;
      for (const [, label = '', operator = '', value = ''] of matchers.matchAll(
        /(\w+)(=~|!~|!=|=)"([^"]*)"/g,
      )) {
        if (['job', 'instance', 'le'].includes(label)) {
          if (label !== 'le') expect(value).toBe(`$${label}`);
          continue;
        }
        expect([name, label, labels[label]]).toEqual([name, label, expect.anything()]);
        const { values } = metricLabels[labels[label] as keyof typeof metricLabels];
        const wanted = operator.includes('~') ? value.split('|') : [value];
        for (const one of wanted) {
          const pattern = new RegExp(`^(?:${one})$`);
          expect([one, values?.some((known) => pattern.test(known)) ?? true]).toEqual([one, true]);
        }
      }
      expect(matchers).toMatch(/job=~"\$job", instance=~"\$instance"/);
    }
  });
});

const services = serviceEnvironment();
const canRun = services !== undefined && isInstalled('prometheus');
if (!canRun) {
  console.log(
    'LEFT OUT: the queries of the dashboards. They need the servers of the distributed engine, and Prometheus (Debian: prometheus).',
  );
}

/** The sources of metrics in queries, besides Twite. */
const sources = ['haproxy', 'rabbitmq', 'mongodb', 'redis', 'elasticsearch'];
const jobOf: Readonly<Record<string, string>> = { haproxy: 'gateway' };

describe.runIf(canRun)('every query, in a Prometheus that reads a system under load,', () => {
  const namespaces = testNamespaces();
  const resources = new AsyncDisposableStack();
  let system: ObservedSystem;
  let prometheus: RunningPrometheus;

  beforeAll(async () => {
    const namespace = namespaces.add();
    resources.defer(() => namespaces.erase());
    system = resources.use(await startObservedSystem(services ?? {}, namespace));
    prometheus = resources.use(await startPrometheus(system.targets));
    resources.use(await startPanelLoad(system.urls, system.urlWithoutSearch));
  }, 240_000);
  afterAll(() => resources.disposeAsync());

  // As long as the test may take, so that it does not depend on the speed of the load. Rates exist after two scrapes.
  const filled = (expr: string, job = '.+') =>
    expr.replaceAll('$__rate_interval', '5m').replaceAll('$job', job).replaceAll('$instance', '.+');

  /** The jobs that must each have data: those of either engine that report the metrics according to the table. */
  function jobsOf(expr: string): readonly string[] {
    const distributed = 'server|worker|relay';
    const names = [...expr.matchAll(/\btwite_\w+/g)].map(([name]) =>
      name in metricCatalogue ? name : name.replace(/_(bucket|count|sum)$/, ''),
    ) as (keyof typeof metricCatalogue)[];
    // Only a server that reaches no Elasticsearch fails.
    if (names.length === 0 || /5\.\.|!="answered"/.test(expr)) return ['.+'];
    const processes = names.map((name) => metricCatalogue[name].processes as readonly string[]);
    const ofEmbedded = processes.every((list) => list.includes('embedded'));
    const ofDistributed = processes.every((list) => list.some((name) => name !== 'embedded'));
    return [...(ofEmbedded ? ['embedded'] : []), ...(ofDistributed ? [distributed] : [])];
  }

  test('returns data, for both engines', { timeout: 240_000 }, async () => {
    const jobs = new Set(system.targets.map(({ job }) => job));
    const absent = sources.filter((source) => !jobs.has(jobOf[source] ?? source));
    if (absent.length > 0)
      console.log(`only parsed, as nothing here exports them: metrics of ${absent.join(', ')}`);
    await expect.poll(() => prometheus.query('mongodb_up'), { timeout: 30_000 }).not.toEqual([]);
    // The fake MongoDB returns few figures; a test of the exporter has the names of all of them.
    const stated = await prometheus.query('{job="mongodb"}');
    const ofMongodb = new Set(stated.map(({ metric }) => metric.__name__));
    const isAbsent = (expr: string) =>
      absent.some((source) => new RegExp(`\\b${source}_`).test(expr)) ||
      (expr.match(/\bmongodb_\w+/g) ?? []).some((name) => !ofMongodb.has(name));
    const waiting = new Set<readonly [name: string, expr: string]>();
    // Throws when one cannot be parsed.
    await Promise.all(queries.map(([, expr]) => prometheus.query(filled(expr))));
    for (const [name, expr] of queries) {
      if (isAbsent(expr)) continue;
      for (const job of jobsOf(expr)) waiting.add([`${name} of ${job}`, filled(expr, job)]);
    }
    expect(waiting.size).toBeGreaterThan(queries.length);
    await expect
      .poll(
        async () => {
          const ask = async (query: readonly [string, string]) => {
            const samples = await prometheus.query(query[1]);
            if (samples.some(({ value }) => Number.isFinite(value))) waiting.delete(query);
          };
          await Promise.all([...waiting].map(ask));
          return [...waiting].map(([name, expr]) => `${name}: ${expr}`);
        },
        // Takes seconds on a quiet machine.
        { timeout: 180_000, interval: 1_000 },
      )
      .toEqual([]);
  });
});
