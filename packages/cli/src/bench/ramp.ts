import type { LoadResult } from './run-load.ts';

/** What a rate must hold. */
export interface RampGoal {
  readonly maxP99Ms: number;
  /** Errors at the most, as a share of the requests. */
  readonly maxErrorShare: number;
  /** Errors at the most in a run, instead. */
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
  /** The first rate; it is doubled until one does not hold. */
  readonly from: number;
  /** No rate above this is tried. */
  readonly to: number;
  /** No rate below this is tried: the p99 of a few requests is chance. Default: 1. */
  readonly least?: number;
  /** How close to the highest rate the search comes, as a share of it. Default: 0.05. */
  readonly precision?: number;
  /** How often a rate is tried before it counts as not held: a neighbour on the machine may be the cause. Default: 2. */
  readonly tries?: number;
  readonly onStep?: (step: RampStep) => void;
  /** Resolves when the server is itself again after a rate that it did not hold. */
  readonly recover?: () => Promise<void>;
  readonly signal?: AbortSignal | undefined;
}

export interface RampResult {
  /** The highest rate that held; 0 when none did. */
  readonly rate: number;
  /** The run at that rate. */
  readonly result: LoadResult | undefined;
  /** In the order in which they were tried. */
  readonly steps: readonly RampStep[];
}

/** A server that answers less than this share of what is offered has fallen behind, however fast its answers are. */
const leastShare = 0.95;
const ratesMax = 20;

const errorsOf = ({ requests, ok }: LoadResult): number => requests - ok;

/** Whether a run held the goal. */
function holds(result: LoadResult, goal: RampGoal): boolean {
  const { latencyMs, requests, rate, offeredRate } = result;
  return (
    latencyMs !== null &&
    latencyMs.p99 <= goal.maxP99Ms &&
    errorsOf(result) <= (goal.maxErrors ?? requests * goal.maxErrorShare) &&
    rate >= (offeredRate ?? 0) * leastShare
  );
}

/** Finds the highest rate that holds the goal: doubles the rate until it does not, then halves the gap. */
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
