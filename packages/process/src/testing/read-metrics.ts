import { type MetricDefinition, type MetricProcess, metricCatalogue } from '../metrics/metric-catalogue.ts';
import { type LabelKind, metricLabels } from '../metrics/metric-labels.ts';

/** A line of a scrape. */
export interface Sample {
  /** Includes the `_bucket`, `_sum` or `_count` suffix of a histogram. */
  readonly name: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly value: number;
}

/** Parses the text format. Throws at an invalid line. */
export function readSamples(text: string): readonly Sample[] {
  return text.split('\n').flatMap((each): Sample[] => {
    if (each === '' || /^# (HELP|TYPE) [a-z_0-9]+ ./.test(each)) return [];
    const [, name = '', labels = '', value = ''] =
      /^([a-z_0-9]+)(?:\{((?:[a-z_]+="(?:[^"\\]|\\.)*",?)*)\})? (\S+)$/.exec(each) ?? [];
    if (name === '' || (Number.isNaN(Number(value)) && !/^nan$/i.test(value)))
      throw new Error(`no sample: ${each}`);
    const pairs = [...labels.matchAll(/([a-z_]+)="((?:[^"\\]|\\.)*)"/g)];
    return [
      { name, labels: Object.fromEntries(pairs.map(([, key, of]) => [key, of])), value: Number(value) },
    ];
  });
}

/** The value of one series; undefined if it does not exist. */
export const seriesValue = (
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number | undefined =>
  samples.find(
    (sample) =>
      sample.name === name &&
      Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
  )?.value;

/** The sum of all series with these labels. */
export const sumOf = (
  samples: readonly Sample[],
  name: string,
  labels: Readonly<Record<string, string>> = {},
): number =>
  samples
    .filter(
      (sample) =>
        sample.name === name &&
        Object.entries(labels).every(([label, value]) => sample.labels[label] === value),
    )
    .reduce((sum, { value }) => sum + value, 0);

const definitions: Readonly<Record<string, MetricDefinition>> = metricCatalogue;

const metricOf = (name: string): string =>
  name in definitions ? name : name.replace(/_(bucket|sum|count)$/, '');

/** The samples of a scrape that are not in the catalogue, and the missing ones that these processes should report. */
export function catalogueProblems(
  samples: readonly Sample[],
  processes: readonly MetricProcess[],
  without: readonly string[] = [],
): readonly string[] {
  const problems = new Set<string>();
  const found = new Set<string>();
  for (const { name, labels } of samples.filter((sample) => sample.name.startsWith('twite_'))) {
    const metric = metricOf(name);
    const definition = definitions[metric];
    if (definition === undefined) {
      problems.add(`${name} is not in the catalogue`);
      continue;
    }
    found.add(metric);
    if (!definition.processes.some((process) => processes.includes(process)))
      problems.add(`${metric} is not said to be of ${processes.join(', ')}`);
    for (const problem of labelProblems(labels, definition)) problems.add(`${metric}: ${problem}`);
  }
  for (const [name, definition] of Object.entries(definitions)) {
    const isClaimed = definition.processes.some((process) => processes.includes(process));
    if (isClaimed && !found.has(name) && !without.includes(name)) problems.add(`${name} is missing`);
  }
  return [...problems];
}

function labelProblems(labels: Sample['labels'], definition: MetricDefinition): readonly string[] {
  const kinds: Readonly<Record<string, LabelKind>> = definition.labels;
  const { le: _, ...own } = labels;
  const names = Object.keys(own).sort().join();
  if (names !== Object.keys(kinds).sort().join()) return [`has the labels ${names}`];
  return Object.entries(own).flatMap(([label, value]) => {
    const values = metricLabels[kinds[label] as LabelKind].values;
    return values === undefined || (values as readonly string[]).includes(value)
      ? []
      : [`${label} is ${value}`];
  });
}
