import type { SecondResult } from './record-load.ts';

/** The memory of the server at a time. */
export interface MemorySample {
  /** Seconds since the start of the run. */
  readonly atSeconds: number;
  readonly bytes: number;
}

/** A figure in the first and in the last quarter of a run. */
export interface Quarters {
  readonly first: number;
  readonly last: number;
}

export interface Drift {
  /** Medians over the seconds of each quarter; null if too few requests were answered. */
  readonly p50Ms: Quarters | null;
  readonly p99Ms: Quarters | null;
  readonly rate: Quarters | null;
  readonly memory: {
    readonly bytes: Quarters;
    /** The slope of the regression line through all samples. */
    readonly bytesPerHour: number;
    readonly samples: readonly MemorySample[];
  } | null;
}

function median(values: readonly number[]): number | undefined {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.floor((sorted.length - 1) / 2)];
}

function quartersOf<T>(all: readonly T[], figure: (one: T) => number | null): Quarters | null {
  const length = Math.floor(all.length / 4);
  const of = (part: readonly T[]) => median(part.map(figure).filter((value) => value !== null));
  const first = of(all.slice(0, length));
  const last = of(all.slice(all.length - length));
  return first === undefined || last === undefined ? null : { first, last };
}

/** Bytes per hour, by linear least squares. */
function slope(samples: readonly MemorySample[]): number {
  const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length;
  const x = mean(samples.map(({ atSeconds }) => atSeconds));
  const y = mean(samples.map(({ bytes }) => bytes));
  const up = samples.reduce((sum, one) => sum + (one.atSeconds - x) * (one.bytes - y), 0);
  const across = samples.reduce((sum, one) => sum + (one.atSeconds - x) ** 2, 0);
  return across === 0 ? 0 : Math.round((up / across) * 3600);
}

/** How a run changed from its first quarter to its last. */
export function driftOf(perSecond: readonly SecondResult[], samples: readonly MemorySample[]): Drift {
  const bytes = quartersOf(samples, (sample) => sample.bytes);
  return {
    p50Ms: quartersOf(perSecond, ({ p50Ms }) => p50Ms),
    p99Ms: quartersOf(perSecond, ({ p99Ms }) => p99Ms),
    rate: quartersOf(perSecond, ({ ok }) => ok),
    memory: bytes === null ? null : { bytes, bytesPerHour: slope(samples), samples },
  };
}
