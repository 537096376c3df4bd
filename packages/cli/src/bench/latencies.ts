import * as hdr from 'hdr-histogram-js';

/** In milliseconds, with three significant digits. */
export interface Latency {
  readonly mean: number;
  readonly p50: number;
  readonly p90: number;
  readonly p99: number;
  readonly p999: number;
  readonly max: number;
}

/** A histogram of durations, exact to 0.1 % for any number of values. */
export interface Latencies {
  record(ms: number): void;
  readonly count: number;
  /** Undefined if nothing was recorded. */
  summary(): Latency | undefined;
  reset(): void;
}

const round = (us: number): number => Number((us / 1000).toPrecision(3));

export function createLatencies(): Latencies {
  // In microseconds.
  const histogram = hdr.build({
    bitBucketSize: 32,
    autoResize: true,
    lowestDiscernibleValue: 1,
    highestTrackableValue: 60_000_000,
    numberOfSignificantValueDigits: 3,
  });
  return {
    record: (ms) => histogram.recordValue(Math.max(1, Math.round(ms * 1000))),
    get count() {
      return histogram.totalCount;
    },
    summary() {
      if (histogram.totalCount === 0) return undefined;
      const at = (percentile: number) => round(histogram.getValueAtPercentile(percentile));
      return {
        mean: round(histogram.mean),
        p50: at(50),
        p90: at(90),
        p99: at(99),
        p999: at(99.9),
        max: round(histogram.maxValue),
      };
    },
    reset: () => histogram.reset(),
  };
}
