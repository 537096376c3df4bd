import { availableParallelism, cpus, loadavg } from 'node:os';
import type { Comparison } from './compare.ts';
import type { RampGoal, RampStep } from './ramp.ts';
import type { LoadResult } from './run-load.ts';
import type { ScenarioName } from './scenarios.ts';
import type { Drift } from './soak.ts';

export type BenchMode = 'closed' | 'open' | 'ramp' | 'soak';

/** What `twite bench --json` prints. Fields are added, never changed; `format` is raised if that cannot be kept. */
export interface BenchReport {
  readonly format: 1;
  readonly scenario: ScenarioName;
  readonly mode: BenchMode;
  readonly url: string;
  /** When the run ended. */
  readonly at: string;
  readonly client: {
    readonly node: string;
    readonly cpu: string;
    readonly cores: number;
    /** How many processes wanted to run on this machine in the minute before the benchmark. */
    readonly loadBefore: number;
  };
  readonly data: {
    readonly accounts: number;
    readonly follows: number;
    readonly posts: number;
    readonly reused: boolean;
  };
  /** The run; of a ramp, the one at the highest rate that held. null when none did. */
  readonly result: LoadResult | null;
  /** Requests that were not answered with 2xx. */
  readonly errors: number;
  /** Of the errors, those that were answered with 429. */
  readonly rateLimited: number;
  readonly ramp: {
    readonly goal: RampGoal;
    readonly rate: number;
    readonly steps: readonly RampStep[];
  } | null;
  readonly soak: Drift | null;
  readonly comparison: Comparison | null;
  /** What makes the figures doubtful. */
  readonly warnings: readonly string[];
  /** Limits that were exceeded: the exit code is 1 if there are any. */
  readonly failures: readonly string[];
}

export const client = (): BenchReport['client'] => ({
  node: process.version,
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: availableParallelism(),
  loadBefore: Number((loadavg()[0] ?? 0).toFixed(2)),
});

export const errorsOf = (result: LoadResult | null): number => (result ? result.requests - result.ok : 0);
