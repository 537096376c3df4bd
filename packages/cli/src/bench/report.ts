import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Comparison } from './compare.ts';
import type { RampGoal, RampStep } from './ramp.ts';
import type { LoadResult } from './run-load.ts';
import type { ScenarioName } from './scenarios.ts';
import type { Drift } from './soak.ts';

export type BenchMode = 'closed' | 'open' | 'ramp' | 'soak';

/** The output of `twite bench --json`. Fields are added, never changed; otherwise `format` is incremented. */
export interface BenchReport {
  readonly format: 1;
  readonly scenario: ScenarioName;
  readonly mode: BenchMode;
  readonly url: string;
  /** The end of the run. */
  readonly at: string;
  readonly client: {
    readonly node: string;
    readonly cpu: string;
    readonly cores: number;
    /** The number of processes ready to run on this machine in the minute before the benchmark. */
    readonly loadBefore: number;
  };
  readonly data: {
    readonly accounts: number;
    readonly follows: number;
    readonly posts: number;
    readonly reused: boolean;
  };
  /** The run; for a ramp, the run at the highest rate that met the goal. Null if none did. */
  readonly result: LoadResult | null;
  /** Requests without a 2xx answer. */
  readonly errors: number;
  /** The errors with status 429. */
  readonly rateLimited: number;
  readonly ramp: {
    readonly goal: RampGoal;
    readonly rate: number;
    readonly steps: readonly RampStep[];
  } | null;
  readonly soak: Drift | null;
  readonly comparison: Comparison | null;
  /** Warnings about unreliable figures. */
  readonly warnings: readonly string[];
  /** The limits that were exceeded. If there are any, the exit code is 1. */
  readonly failures: readonly string[];
}

export const client = (): BenchReport['client'] => ({
  node: process.version,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
});

export const errorsOf = (result: LoadResult | null): number => (result ? result.requests - result.ok : 0);
