import { performance } from 'node:perf_hooks';
import { collectDefaultMetrics, Registry } from 'prom-client';
import { twiteVersion } from '../twite-version.ts';
import { CounterInstrument, HistogramInstrument, type Instrument, labelText, line } from './instruments.ts';
import {
  type LabelsOf,
  type MetricDefinition,
  type MetricName,
  type MetricNameOf,
  metricCatalogue,
} from './metric-catalogue.ts';

/** The role of the process; `all`: server, worker and relay of the distributed engine in one. */
export type MetricsRole = 'embedded' | 'all' | 'server' | 'worker' | 'relay';

/** A number without labels, or one per series. */
export type Observed<N extends MetricName> = number | Iterable<readonly [labels: LabelsOf<N>, value: number]>;

export type ObservedName = MetricNameOf<'gauge' | 'counter'>;

/** The metrics of one process: every metric is a row of the catalogue. */
export interface Metrics {
  /** A counter. A second call returns the same counter. */
  counter<N extends MetricNameOf<'counter'>>(name: N): (labels: LabelsOf<N>, by?: number) => void;
  /** A histogram of durations and the like. A second call returns the same histogram. */
  histogram<N extends MetricNameOf<'histogram'>>(name: N): (labels: LabelsOf<N>, value: number) => void;
  /**
   * Numbers kept elsewhere: `ask` is called once per scrape, and the metrics are read from its result. When it fails or
   * takes too long, these metrics are omitted from the scrape.
   */
  observe<S>(
    ask: () => S | Promise<S>,
    read: { readonly [N in ObservedName]?: (state: S) => Observed<N> },
  ): void;
  /** In the text format of Prometheus. Concurrent scrapes share one result. */
  render(): Promise<string>;
  readonly contentType: string;
}

interface Observer {
  readonly ask: () => unknown;
  readonly read: Readonly<Partial<Record<ObservedName, (state: unknown) => Observed<ObservedName>>>>;
}

/** Prometheus gives up after ten seconds by default. */
const askMsMax = 3_000;

/** Metrics of the process (memory, event-loop delay, garbage collection, …) and of everything registered with it. */
export function createMetrics({ role }: { readonly role: MetricsRole }): Metrics {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  const counters = new Map<MetricName, CounterInstrument<MetricName>>();
  const histograms = new Map<MetricName, HistogramInstrument<MetricName>>();
  const observers: Observer[] = [];

  const render = async (): Promise<string> => {
    const [runtime, ...observed] = await Promise.all([registry.metrics(), ...observers.map(askOne)]);
    const parts = new Map<MetricName, string[]>();
    const add = (name: MetricName, lines: readonly string[]) =>
      parts.set(name, [...(parts.get(name) ?? []), ...lines]);
    const instruments: [MetricName, Instrument][] = [...counters, ...histograms];
    for (const [name, instrument] of instruments) add(name, instrument.lines());
    for (const [name, lines] of observed.flat()) add(name, lines);
    const own = [...parts].sort(([one], [other]) => (one < other ? -1 : 1)).map(textOf);
    return [...own, runtime].join('\n');
  };
  let rendering: Promise<string> | undefined;

  const metrics: Metrics = {
    counter<N extends MetricNameOf<'counter'>>(name: N) {
      let counter = counters.get(name) as CounterInstrument<N> | undefined;
      if (counter === undefined) {
        counter = new CounterInstrument(name);
        counters.set(name, counter as unknown as CounterInstrument<MetricName>);
      }
      const found = counter;
      return (labels, by) => found.add(labels, by);
    },
    histogram<N extends MetricNameOf<'histogram'>>(name: N) {
      let histogram = histograms.get(name) as HistogramInstrument<N> | undefined;
      if (histogram === undefined) {
        histogram = new HistogramInstrument(name);
        histograms.set(name, histogram as unknown as HistogramInstrument<MetricName>);
      }
      const found = histogram;
      return (labels, value) => found.observe(labels, value);
    },
    observe(ask, read) {
      observers.push({ ask, read: read as Observer['read'] });
    },
    render() {
      rendering ??= render().finally(() => {
        rendering = undefined;
      });
      return rendering;
    },
    contentType: registry.contentType,
  };
  metrics.observe(() => performance.eventLoopUtilization(), {
    twite_build_info: () => [[{ version: twiteVersion(), role }, 1]],
    twite_event_loop_active_seconds_total: ({ active }) => active / 1_000,
  });
  return metrics;
}

/** The lines of each metric; none for unknown values. */
async function askOne({ ask, read }: Observer): Promise<[MetricName, string[]][]> {
  const late = Promise.withResolvers<never>();
  const timer = setTimeout(() => late.reject(new Error('too late')), askMsMax);
  try {
    const state = await Promise.race([ask(), late.promise]);
    return Object.entries(read).map(([key, rowsOf]) => {
      const name = key as ObservedName;
      return [name, linesOf(name, rowsOf(state))];
    });
  } catch {
    return [];
  } finally {
    clearTimeout(timer);
  }
}

function linesOf(name: ObservedName, observed: Observed<ObservedName>): string[] {
  if (typeof observed === 'number') return [line(name, '', observed)];
  const values = new Map<string, number>();
  for (const [labels, value] of observed) values.set(labelText(name, labels), value);
  return Array.from(values, ([labels, value]) => line(name, labels, value));
}

function textOf([name, lines]: [MetricName, readonly string[]]): string {
  const { help, type }: MetricDefinition = metricCatalogue[name];
  return [`# HELP ${name} ${help}`, `# TYPE ${name} ${type}`, ...lines, ''].join('\n');
}
