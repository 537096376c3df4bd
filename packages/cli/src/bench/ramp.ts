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
  /** How close to the highest rate the search comes, as a share of it. Default: 0.05. */
  readonly precision?: number;
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
const triesEach = 2;
const stepsMax = 40;

const errorsOf = ({ requests, ok }: LoadResult): number => requests - ok;

/** Whether a run held the goal. */
export function holds(result: LoadResult, goal: RampGoal): boolean {
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
  const { run, goal, from, to, precision = 0.05, onStep, recover, signal } = options;
  const steps: RampStep[] = [];
  let low = 0;
  let high = Number.POSITIVE_INFINITY;
  let best: LoadResult | undefined;

  /** Once more if it does not hold: a neighbour on the machine may have caused it. */
  const tries = async (rate: number): Promise<boolean> => {
    for (let turn = 0; turn < triesEach && !signal?.aborted; turn++) {
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
  while (steps.length < stepsMax && !signal?.aborted) {
    if (await tries(rate)) low = rate;
    else high = rate;
    if (low >= to || high <= 1 || high - low <= Math.max(1, low * precision)) break;
    rate = high === Number.POSITIVE_INFINITY ? Math.min(low * 2, to) : Math.round((low + high) / 2);
  }
  return { rate: low, result: best, steps };
}
