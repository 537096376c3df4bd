import type { Collection } from 'mongodb';
import {
  type EpochLease,
  type LeasedDoc,
  type LeaseTimes,
  leaseTimes,
  neverHeld,
  takeEpochLease,
} from './epoch-lease.ts';
import { insertedNew } from './errors.ts';

/** Runs tasks in one process of the instance at a time: the holder of the lease. */
export interface SoleRunner extends AsyncDisposable {
  /** Runs the task if this process holds the lease or can take it. The signal is aborted when the lease is lost. */
  run(task: (signal: AbortSignal) => Promise<unknown>, signal: AbortSignal): Promise<void>;
}

export interface SoleRunnerOptions {
  readonly leases: Collection<LeasedDoc>;
  /** Names the lease. */
  readonly id: string;
  readonly holder: string;
  readonly times?: LeaseTimes;
}

/** Disposing releases the lease, so that another process continues at once. */
export function createSoleRunner({ leases, id, holder, times = leaseTimes }: SoleRunnerOptions): SoleRunner {
  let isThere: Promise<unknown> | undefined;
  let taking: Promise<EpochLease<LeasedDoc> | undefined> | undefined;
  let lease: EpochLease<LeasedDoc> | undefined;

  const ensure = () => insertedNew(leases.insertOne({ _id: id, ...neverHeld }));

  async function take(): Promise<EpochLease<LeasedDoc> | undefined> {
    isThere ??= ensure();
    await isThere.catch((error: unknown) => {
      isThere = undefined;
      throw error;
    });
    return takeEpochLease({ collection: leases, id, holder, times });
  }

  return {
    async run(task, signal) {
      if (lease?.isHeld() !== true) {
        // Tasks that begin together share the attempt.
        taking ??= take().finally(() => {
          taking = undefined;
        });
        lease = await taking;
      }
      if (lease !== undefined) await task(AbortSignal.any([signal, lease.lost]));
    },
    async [Symbol.asyncDispose]() {
      // Otherwise it expires.
      await lease?.release().catch(() => {});
    },
  };
}
