import { readFile } from 'node:fs/promises';
import { UsageError } from '../usage-error.ts';
import type { BenchReport } from './report.ts';

/** A metric before and now. */
export interface Change {
  readonly before: number;
  readonly now: number;
  /** now ÷ before */
  readonly ratio: number;
}

export interface Comparison {
  readonly file: string;
  /** The end of the earlier run. */
  readonly at: string;
  readonly rate: Change;
  readonly p50Ms: Change;
  readonly p90Ms: Change;
  readonly p99Ms: Change;
  readonly p999Ms: Change;
  /** Sentences about metrics that are worse by more than the tolerance. */
  readonly worse: readonly string[];
}

type Run = Pick<BenchReport, 'scenario' | 'mode' | 'result' | 'at'>;

/** Smaller differences are timer noise, whatever the ratio. */
const noiseMs = 2;

const isRun = (value: unknown): value is BenchReport => {
  const { format, scenario, result } = (value ?? {}) as Readonly<Record<string, unknown>>;
  return format === 1 && typeof scenario === 'string' && typeof result === 'object' && result !== null;
};

/** Reads the output of `--json`. */
export async function readReport(file: string): Promise<BenchReport> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(await readFile(file, 'utf8'));
  } catch (cause) {
    throw new UsageError(`Cannot read ${file} as JSON: ${(cause as Error).message}`, { cause });
  }
  if (isRun(parsed)) return parsed;
  throw new UsageError(
    `${file} does not contain a benchmark run. Create one with \`twite bench … --json > ${file}\`.`,
  );
}

/** Throws UsageError if the two runs measured different things. */
export function checkComparable(
  before: Run,
  asked: Pick<Run, 'scenario' | 'mode'> & { readonly rate: number | null },
): void {
  const told = (scenario: string, mode: string, rate: number | null | undefined): string =>
    `${scenario}, ${mode}${rate == null ? '' : ` at ${rate}/s`}`;
  // The rate of a ramp is a result, not a setting.
  const rateOf = (mode: string, rate: number | null | undefined) => (mode === 'ramp' ? null : rate);
  const then = told(before.scenario, before.mode, rateOf(before.mode, before.result?.offeredRate));
  const now = told(asked.scenario, asked.mode, rateOf(asked.mode, asked.rate));
  if (then !== now)
    throw new UsageError(`The runs cannot be compared: the earlier run was ${then}, this one is ${now}.`);
}

const change = (before: number, now: number): Change => ({
  before,
  now,
  ratio: Number((now / Math.max(before, Number.MIN_VALUE)).toFixed(3)),
});

/** Compares a run with an earlier one. `tolerance` is a ratio: 0.25 allows a metric to be worse by a quarter. */
export function compare(before: BenchReport, now: Run, file: string, tolerance: number): Comparison {
  const figures = ({ result }: Pick<Run, 'result'>) => ({
    rate: result?.rate ?? 0,
    ...(result?.latencyMs ?? { p50: 0, p90: 0, p99: 0, p999: 0 }),
  });
  const [a, b] = [figures(before), figures(now)];
  const worse: string[] = [];
  if (b.rate < a.rate / (1 + tolerance))
    worse.push(`The rate is ${Math.round(b.rate)}/s; it was ${Math.round(a.rate)}/s.`);
  if (b.p99 > a.p99 * (1 + tolerance) && b.p99 - a.p99 > noiseMs)
    worse.push(`p99 is ${b.p99} ms; it was ${a.p99} ms.`);
  return {
    file,
    at: before.at,
    rate: change(a.rate, b.rate),
    p50Ms: change(a.p50, b.p50),
    p90Ms: change(a.p90, b.p90),
    p99Ms: change(a.p99, b.p99),
    p999Ms: change(a.p999, b.p999),
    worse,
  };
}
