import {
  type LabelsOf,
  type MetricDefinition,
  type MetricName,
  metricCatalogue,
} from './metric-catalogue.ts';
import { type LabelKind, metricLabels } from './metric-labels.ts';

/** The label for values that are not in the table. */
const otherValue = 'other';

const knownValues = new Map(
  Object.entries(metricLabels).map(([kind, { values }]) => [kind, values && new Set(values)]),
);

const boundedValue = (kind: LabelKind, value: string): string => {
  const known = knownValues.get(kind);
  return known === undefined || known.has(value) ? value : otherValue;
};

const escaped = (value: string): string =>
  value.replaceAll('\\', '\\\\').replaceAll('\n', '\\n').replaceAll('"', '\\"');

/** `name="value",…` with values from the table, whatever is passed. */
export function labelText<N extends MetricName>(name: N, labels: LabelsOf<N>): string {
  const given = labels as Readonly<Record<string, string>>;
  return Object.entries<LabelKind>(metricCatalogue[name].labels)
    .map(([label, kind]) => `${label}="${escaped(boundedValue(kind, String(given[label])))}"`)
    .join(',');
}

/** A metric whose numbers are kept here. An update costs a map lookup; text is rendered on request. */
export interface Instrument {
  /** Lines in the text format of Prometheus, without `# HELP` and `# TYPE`. */
  lines(): string[];
}

export const line = (name: string, labels: string, value: number): string =>
  labels === '' ? `${name} ${value}` : `${name}{${labels}} ${value}`;

/** Finds the series of labels; the number of series is bounded by the values in the table. */
class SeriesMap<N extends MetricName, S> {
  readonly #name: N;
  readonly #labelNames: readonly string[];
  readonly #make: () => S;
  /** By the values as passed; only if they are in the table. */
  readonly #byValues = new Map<string, S>();
  readonly #byText = new Map<string, S>();

  constructor(name: N, make: () => S) {
    this.#name = name;
    this.#labelNames = Object.keys(metricCatalogue[name].labels);
    this.#make = make;
  }

  of(labels: LabelsOf<N>): S {
    const given = labels as Readonly<Record<string, string>>;
    let key = '';
    for (const name of this.#labelNames) key += `${given[name]}\n`;
    return this.#byValues.get(key) ?? this.#find(labels, key);
  }

  entries(): Iterable<readonly [labels: string, series: S]> {
    return this.#byText;
  }

  #find(labels: LabelsOf<N>, key: string): S {
    const text = labelText(this.#name, labels);
    let series = this.#byText.get(text);
    if (series === undefined) {
      series = this.#make();
      this.#byText.set(text, series);
    }
    if (isKnown(this.#name, labels)) this.#byValues.set(key, series);
    return series;
  }
}

const isKnown = <N extends MetricName>(name: N, labels: LabelsOf<N>): boolean =>
  Object.entries<LabelKind>(metricCatalogue[name].labels).every(([label, kind]) =>
    knownValues.get(kind)?.has((labels as Readonly<Record<string, string>>)[label] as string),
  );

export class CounterInstrument<N extends MetricName> implements Instrument {
  readonly #name: N;
  readonly #series: SeriesMap<N, { count: number }>;

  constructor(name: N) {
    this.#name = name;
    this.#series = new SeriesMap(name, () => ({ count: 0 }));
    for (const labels of initialLabels(name)) this.#series.of(labels);
  }

  add(labels: LabelsOf<N>, by = 1): void {
    this.#series.of(labels).count += by;
  }

  lines(): string[] {
    return Array.from(this.#series.entries(), ([labels, { count }]) => line(this.#name, labels, count));
  }
}

interface Observations {
  /** Not cumulative; the last one counts values above every bound. */
  readonly counts: number[];
  sum: number;
}

export class HistogramInstrument<N extends MetricName> implements Instrument {
  readonly #name: N;
  readonly #bounds: readonly number[];
  readonly #series: SeriesMap<N, Observations>;

  constructor(name: N) {
    this.#name = name;
    const { buckets }: MetricDefinition = metricCatalogue[name];
    if (buckets === undefined) throw new Error(`${name} has no buckets`);
    this.#bounds = buckets;
    this.#series = new SeriesMap(name, () => ({
      counts: Array.from({ length: buckets.length + 1 }, () => 0),
      sum: 0,
    }));
    for (const labels of initialLabels(name)) this.#series.of(labels);
  }

  observe(labels: LabelsOf<N>, value: number): void {
    const series = this.#series.of(labels);
    const bounds = this.#bounds;
    let bucket = 0;
    while (bucket < bounds.length && value > (bounds[bucket] as number)) bucket += 1;
    (series.counts[bucket] as number) += 1;
    series.sum += value;
  }

  lines(): string[] {
    const lines: string[] = [];
    for (const [labels, { counts, sum }] of this.#series.entries()) {
      const before = labels === '' ? '' : `${labels},`;
      let count = 0;
      for (const [index, own] of counts.entries()) {
        count += own;
        const bound = this.#bounds[index] ?? '+Inf';
        lines.push(line(`${this.#name}_bucket`, `${before}le="${bound}"`, count));
      }
      lines.push(line(`${this.#name}_sum`, labels, sum), line(`${this.#name}_count`, labels, count));
    }
    return lines;
  }
}

/**
 * The series that exist from the start, at zero. A rate over a counter that appears with its first event would miss
 * that event.
 */
function initialLabels<N extends MetricName>(name: N): readonly LabelsOf<N>[] {
  const { labels, startsComplete = false }: MetricDefinition = metricCatalogue[name];
  const kinds = Object.entries(labels);
  if (kinds.length > 0 && !startsComplete) return [];
  let found: Record<string, string>[] = [{}];
  for (const [label, kind] of kinds) {
    const values = metricLabels[kind].values ?? [];
    found = found.flatMap((before) => values.map((value) => ({ ...before, [label]: value })));
  }
  return found as LabelsOf<N>[];
}
