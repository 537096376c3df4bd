import { type BenchReport, errorsOf } from './report.ts';
import type { LoadResult } from './run-load.ts';
import { type BenchOperationName, benchOperations, type Scenario } from './scenarios.ts';

export interface Limits {
  readonly maxP99Ms: number | undefined;
  readonly maxErrors: number | undefined;
}

const count = (value: number): string => value.toLocaleString('en');

/** Sentences about the limits that a run exceeded. */
export function failuresOf(result: LoadResult, { maxP99Ms, maxErrors }: Limits): string[] {
  const failures: string[] = [];
  const p99 = result.latencyMs?.p99;
  if (maxP99Ms !== undefined && p99 === undefined) failures.push('No request succeeded, so there is no p99.');
  if (maxP99Ms !== undefined && p99 !== undefined && p99 > maxP99Ms)
    failures.push(`p99 is ${p99} ms, above ${maxP99Ms} ms.`);
  const errors = errorsOf(result);
  if (maxErrors !== undefined && errors > maxErrors)
    failures.push(`There were ${count(errors)} errors, more than ${count(maxErrors)}.`);
  return failures;
}

/** Above this the client is saturated, and its own delays distort the figures. */
const busyMax = 0.9;

function rateLimitWarning(result: LoadResult, scenario: Scenario): string | undefined {
  const limited = result.statuses[429];
  if (limited === undefined) return undefined;
  const names = Object.keys(scenario.mix) as BenchOperationName[];
  const limits = new Set(
    names.map((name) => benchOperations[name].limit).filter((limit) => limit !== undefined),
  );
  const variables = [...limits].map((limit) => `TWITE_RATE_LIMIT_${limit}_ADDRESS and …_ACCOUNT`).join(', ');
  return `${count(limited)} of ${count(result.requests)} requests were refused by rate limits (429): this measured the limits, not the server. Start the server with TWITE_RATE_LIMITS=off, or raise ${variables}.`;
}

function overloadWarning({ statuses, requests }: LoadResult): string | undefined {
  const refused = statuses[503];
  if (refused === undefined) return undefined;
  return `${count(refused)} of ${count(requests)} requests were refused with 503: the server was overloaded, or a dependency was unavailable (see \`twite status\`). The percentiles exclude these requests.`;
}

/** Warnings about unreliable figures of a run, with instructions. */
export function warningsOf(
  result: LoadResult,
  scenario: Scenario,
  { loadBefore, cores }: BenchReport['client'],
): string[] {
  const warnings: (string | undefined)[] = [rateLimitWarning(result, scenario), overloadWarning(result)];
  if (loadBefore > cores)
    warnings.push(
      `This machine was busy before the run: the load was ${loadBefore} on ${count(cores)} cores. Run the benchmark again when the machine is idle.`,
    );
  if (result.clientBusy > busyMax)
    warnings.push(
      `This process was busy for ${Math.round(result.clientBusy * 100)} % of the time: the client may have been the bottleneck. Run the benchmark on another machine or core, or at a lower rate.`,
    );
  if (result.withoutRetryAfter > 0)
    warnings.push(`${count(result.withoutRetryAfter)} responses with 429 or 503 had no Retry-After.`);
  return warnings.filter((warning) => warning !== undefined);
}
