import type { LoadResult } from './run-load.ts';

/** The goal that a rate must meet. */
export interface RampGoal {
  readonly maxP99Ms: number;
  /** The maximum ratio of errors to requests. */
  readonly maxErrorShare: number;
  /** The maximum number of errors in a run; replaces the ratio. */
  readonly maxErrors?: number | undefined;
}

export interface RampStep {
  readonly rate: number;
  readonly holds: boolean;
  readonly p99Ms: number | null;
  readonly errors: number;
  readonly achievedRate: number;
}

export interface RampOptions {
  /** Runs at a rate. */
  readonly run: (rate: number) => Promise<LoadResult>;
  readonly goal: RampGoal;
  /** The first rate. It is doubled until a rate fails. */
  readonly from: number;
  /** The maximum rate to try. */
  readonly to: number;
  /** The minimum rate to try: the p99 of a few requests is random. Default: 1. */
  readonly least?: number;
  /** The precision of the highest rate, as a ratio of it. Default: 0.05. */
  readonly precision?: number;
  /** The number of attempts before a rate counts as failed: other load on the machine may be the cause. Default: 2. */
  readonly tries?: number;
  readonly onStep?: (step: RampStep) => void;
  /** Resolves once the server has recovered after a failed rate. */
  readonly recover?: () => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

export interface RampResult {
  /** The highest rate that met the goal; 0 if none did. */
  readonly rate: number;
  /** The run at that rate. */
  readonly result: LoadResult | undefined;
  /** In the order of the attempts. */
  readonly steps: readonly RampStep[];
}

/** A server that answers less than this ratio of the offered rate has fallen behind, however fast its answers are. */
const leastShare = 0.95;
const ratesMax = 20;

const errorsOf = ({ requests, ok }: LoadResult): number => requests - ok;

/** Whether a run met the goal. */
function holds(result: LoadResult, goal: RampGoal): boolean {
  const { latencyMs, requests, rate, offeredRate } = result;
  return (
    latencyMs !== null &&
    latencyMs.p99 <= goal.maxP99Ms &&
    errorsOf(result) <= (goal.maxErrors ?? requests * goal.maxErrorShare) &&
    rate >= (offeredRate ?? 0) * leastShare
  );
}

/** Finds the highest rate that meets the goal: doubles the rate until one fails, then bisects. */
export async function findHighestRate(options: RampOptions): Promise<RampResult> {
  const { run, goal, from, to, precision = 0.05, tries = 2, least = 1, onStep, recover, signal } = options;
  const steps: RampStep[] = [];
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let best: LoadResult | undefined;

  const isHeld = async (rate: number): Promise<boolean> => {
    for (let turn = 0; turn < tries && !signal?.aborted; turn++) {
      const result = await run(rate);
      if (signal?.aborted) return false;
      const step = {
        rate,
        holds: holds(result, goal),
        p99Ms: result.latencyMs?.p99 ?? null,
        errors: errorsOf(result),
        achievedRate: result.rate,
      };
      steps.push(step);
      onStep?.(step);
      if (step.holds) {
        best = result;
        return true;
      }
      await recover?.();
    }
    return false;
  };

  let rate = Math.min(from, to);
  while (steps.length < ratesMax * tries && !signal?.aborted) {
    if (await isHeld(rate)) low = rate;
    else high = rate;
    if (low >= to || high <= least || high - low <= Math.max(1, low * precision)) break;
    rate =
      high === Number.POSITIVE_INFINITY
        ? Math.min(low * 2, to)
        : Math.max(least, Math.round((low + high) / 2));
  }
  return { rate: low, result: best, steps };
}
