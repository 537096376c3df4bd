/** The size of the measurement, and the required results. */
export interface LoadEffort {
  readonly accounts: number;
  /** The duration in seconds of a step of the search for the knee. */
  readonly stepSeconds: number;
  /** The duration in seconds at a multiple of the knee. */
  readonly stressSeconds: number;
  readonly connections: number;
  /** Shares of the server's maximum rate that the search for the knee tries in turn. */
  readonly kneeShares: readonly number[];
  /** The rate after the stress at which nothing may be rejected, as a share of the knee. */
  readonly recoveredShare: number;
  /** The minimum share of the peak at 3 and at 10 times the knee. */
  readonly goodputMin: { readonly 3: number; readonly 10: number };
}

/** Within a minute, on a machine with other load: it shows that shedding works, and not how well. */
const short: LoadEffort = {
  accounts: 40,
  stepSeconds: 3,
  stressSeconds: 5,
  connections: 400,
  kneeShares: [0.7],
  recoveredShare: 0.1,
  goodputMin: { 3: 0.5, 10: 0.3 },
};

/** The promise, on an otherwise idle machine. */
const long: LoadEffort = {
  accounts: 200,
  stepSeconds: 8,
  stressSeconds: 20,
  connections: 1_000,
  kneeShares: [0.9, 0.8, 0.7, 0.6, 0.5],
  recoveredShare: 0.5,
  goodputMin: { 3: 0.9, 10: 0.8 },
};

export const isLong = process.env.TWITE_TEST_LOAD === 'long';
export const effort: LoadEffort = isLong ? long : short;
