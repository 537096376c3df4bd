import { bold, line, lines, type Printable } from '../terminal/printable.ts';
import { bytes } from '../terminal/show.ts';
import { table } from '../terminal/table.ts';
import type { Comparison } from './compare.ts';
import type { Latency } from './latencies.ts';
import type { BenchReport } from './report.ts';
import type { LoadResult } from './run-load.ts';
import { scenarios } from './scenarios.ts';
import type { Drift, Quarters } from './soak.ts';

const count = (value: number): string => Math.round(value).toLocaleString('en');
const rate = (value: number): string => `${value < 100 ? value.toFixed(1) : count(value)}/s`;
const ms = (value: number | undefined): string => (value === undefined ? '–' : `${value} ms`);

const percentiles = (latency: Latency | null): readonly string[] =>
  [latency?.p50, latency?.p90, latency?.p99, latency?.p999, latency?.max].map(ms);

function showOperations({ operations, latencyMs, requests, ok }: LoadResult): Printable {
  const rows = Object.entries(operations).map(([name, one]) => [
    name,
    count(one.requests),
    count(one.requests - one.ok),
    ...percentiles(one.latencyMs),
  ]);
  const all = ['all', count(requests), count(requests - ok), ...percentiles(latencyMs)];
  return table(
    ['', 'requests', 'errors', 'p50', 'p90', 'p99', 'p99.9', 'max'],
    rows.length > 1 ? [...rows, all] : rows,
  );
}

function showErrors({ statuses, unanswered }: LoadResult): Printable {
  const errors = [...Object.entries(statuses), ...Object.entries(unanswered)].filter(
    ([key]) => !/^2\d\d$/.test(key),
  );
  return line`errors  ${errors.length === 0 ? 'none' : errors.map(([key, times]) => `${key}: ${count(times)}`).join(', ')}`;
}

function showRun(result: LoadResult): Printable {
  const { offeredRate, seconds, connections, sendDelayMs } = result;
  const asked = offeredRate === null ? '' : ` of ${rate(offeredRate)} requested`;
  return lines([
    line`${bold(rate(result.rate))}${asked}, for ${Number(seconds.toFixed(1))} s over ${connections} connections`,
    showOperations(result),
    showErrors(result),
    ...(offeredRate === null || !sendDelayMs
      ? []
      : [
          line`sent    ${ms(sendDelayMs.p50)} late at p50, ${ms(sendDelayMs.p99)} at p99; latencies count from when requests were due`,
        ]),
  ]);
}

const quarters = (name: string, found: Quarters | null, show: (value: number) => string): Printable[] =>
  found === null
    ? []
    : [line`${name.padEnd(7)} ${show(found.first)} in the first quarter, ${show(found.last)} in the last`];

const showDrift = ({ p50Ms, p99Ms, memory }: Drift): Printable =>
  lines([
    ...quarters('p50', p50Ms, ms),
    ...quarters('p99', p99Ms, ms),
    ...quarters('memory', memory?.bytes ?? null, bytes),
    memory === null
      ? line`memory  unknown; use --metrics`
      : line`        ${memory.bytesPerHour < 0 ? '−' : '+'}${bytes(Math.abs(memory.bytesPerHour))} an hour, fitted to ${memory.samples.length} samples`,
  ]);

const showRamp = ({ goal, rate: found, steps }: NonNullable<BenchReport['ramp']>): Printable =>
  lines([
    table(
      ['rate', 'p99', 'errors', ''],
      steps.map((step) => [
        rate(step.rate),
        ms(step.p99Ms ?? undefined),
        count(step.errors),
        step.holds ? 'within limits' : '',
      ]),
    ),
    line`The highest rate with p99 ≤ ${goal.maxP99Ms} ms is ${bold(rate(found))}.`,
  ]);

const showComparison = ({ file, at, rate: rates, p50Ms, p90Ms, p99Ms, p999Ms }: Comparison): Printable =>
  lines([
    line`Compared with ${file} from ${at.slice(0, 16).replace('T', ' ')}:`,
    table(
      ['', 'before', 'now', '×'],
      [
        ['rate', rate(rates.before), rate(rates.now), rates.ratio],
        ...Object.entries({ p50: p50Ms, p90: p90Ms, p99: p99Ms, 'p99.9': p999Ms }).map(([name, change]) => [
          name,
          ms(change.before),
          ms(change.now),
          change.ratio,
        ]),
      ],
    ),
  ]);

/** A report for people. */
export function showReport(report: BenchReport): Printable {
  const { scenario, url, data, result, ramp, soak, comparison, warnings, failures } = report;
  const origin = data.reused ? 'reused' : 'created for this run';
  return lines([
    line`${bold(scenario)} on ${url}: ${scenarios[scenario].about}`,
    line`${count(data.accounts)} accounts (${origin}), ${count(data.follows)} follows, ${count(data.posts)} posts`,
    line``,
    ...(ramp ? [showRamp(ramp), line``] : []),
    ...(result ? [showRun(result)] : []),
    ...(soak ? [showDrift(soak)] : []),
    ...(comparison ? [line``, showComparison(comparison)] : []),
    ...warnings.map((warning) => line`! ${warning}`),
    ...failures.map((failure) => line`FAILED  ${failure}`),
  ]);
}
