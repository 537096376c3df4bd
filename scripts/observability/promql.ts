import type { MetricName, MetricNameOf, runtimeMetrics } from '@twite/process/metrics/metric-catalogue';

/** Required labels of series: a value, or an operator and a value, such as `=~5..`. */
export type Matchers = Readonly<Record<string, string>>;

const matcher = ([name, value]: [string, string]): string => {
  const [, operator = '=', rest = ''] = /^(=~|!~|!=|)(.*)$/s.exec(value) ?? [];
  return `${name}${operator || '='}"${rest}"`;
};

/** A selector with these labels. */
export const select = (name: string, matchers: Matchers = {}): string => {
  const list = Object.entries(matchers).map(matcher);
  return list.length === 0 ? name : `${name}{${list.join(', ')}}`;
};

/** The variables of a dashboard that select the processes it shows. */
const shown: Matchers = { job: '=~$job', instance: '=~$instance' };

type OwnMetric = MetricName | keyof typeof runtimeMetrics;

/** A metric of Twite's processes, restricted to those that the dashboard shows. */
export const shownSeries = (name: OwnMetric, matchers: Matchers = {}): string =>
  select(name, { ...shown, ...matchers });

/** The increase per second, over the interval that Grafana chooses. */
const perSecond = (selector: string): string => `rate(${selector}[$__rate_interval])`;

const by = (labels: readonly string[]): string => (labels.length === 0 ? '' : ` by (${labels.join(', ')})`);

/** The sum of a counter's increase per second. */
export const sumPerSecond = (
  name: MetricNameOf<'counter'>,
  labels: readonly string[] = [],
  matchers: Matchers = {},
): string => `sum${by(labels)} (${perSecond(shownSeries(name, matchers))})`;

/** The number of observations of a histogram per second. */
export const observationsPerSecond = (
  name: MetricNameOf<'histogram'>,
  labels: readonly string[] = [],
  matchers: Matchers = {},
): string => `sum${by(labels)} (${perSecond(select(`${name}_count`, { ...shown, ...matchers }))})`;

/** A quantile of a histogram. */
export const quantile = (
  part: number,
  name: MetricNameOf<'histogram'>,
  labels: readonly string[] = [],
  matchers: Matchers = {},
): string =>
  `histogram_quantile(${part}, sum${by(['le', ...labels])} (${perSecond(select(`${name}_bucket`, { ...shown, ...matchers }))}))`;

/** An expression without labels, or 0 when it has no series: events that never happened have none. */
export const orZero = (expression: string): string => `${expression} or vector(0)`;
