import { Unavailable } from '@twite/core/unavailable';
import type { Collection, UpdateFilter } from 'mongodb';
import { inTime, partingMs } from '../in-time.ts';

/** Another process holds the lease now. */
export class LeaseLost extends Error {
  constructor() {
    super('another process holds the lease now');
    this.name = 'LeaseLost';
  }
}

export interface LeaseTimes {
  /** How long a holder that does not renew keeps the lease. */
  readonly leaseMs: number;
  readonly renewMs: number;
}

/** Another process follows a dead holder a little after the lease ends. */
export const leaseTimes: LeaseTimes = { leaseMs: 6_000, renewMs: 2_000 };

/** A document whose holder alone may change it. */
export interface LeasedDoc {
  _id: string;
  /** For people. */
  holder: string | null;
  /** Rises with each holder: the store refuses what a former one writes. */
  epoch: number;
  leasedUntil: Date;
}

/** The sole right to change a document, until `lost` is aborted. */
export interface EpochLease<D extends LeasedDoc> {
  readonly epoch: number;
  /** As far as this process can know; an update finds out. */
  isHeld(): boolean;
  readonly lost: AbortSignal;
  /** Rejects with `LeaseLost`, and changes nothing, when the lease is not this process's any more. */
  update(change: UpdateFilter<D>): Promise<void>;
  /** Asks the store whether it is still held. Rejects as `update` does. */
  confirm(): Promise<void>;
  /** Lets another process follow at once. */
  release(): Promise<void>;
}

export interface EpochLeaseOptions<D extends LeasedDoc> {
  /** Has the document already, with a `leasedUntil` in the past if nobody held it before. */
  readonly collection: Collection<D>;
  readonly id: string;
  readonly holder: string;
  readonly times: LeaseTimes;
  /** Must hold to take the lease, to renew it, and for each update. */
  readonly condition?: object;
}

/** Takes the lease, unless another process has it or the condition does not hold. All times are by the database's clock. */
export async function takeEpochLease<D extends LeasedDoc>(
  options: EpochLeaseOptions<D>,
): Promise<EpochLease<D> | undefined> {
  const { id, holder, times, condition = {} } = options;
  const collection = options.collection as unknown as Collection<LeasedDoc>;
  const takenMs = performance.now();
  const doc = await collection.findOneAndUpdate(
    { _id: id, ...condition, $expr: { $lte: ['$leasedUntil', '$$NOW'] } },
    [
      {
        $set: {
          holder: { $literal: holder },
          epoch: { $add: ['$epoch', 1] },
          leasedUntil: { $add: ['$$NOW', times.leaseMs] },
        },
      },
    ],
    { returnDocument: 'after', projection: { epoch: 1 } },
  );
  if (doc === null) return undefined;

  const { epoch } = doc;
  const mine = { _id: id, epoch, ...condition };
  const losing = new AbortController();
  let heldUntilMs = takenMs + times.leaseMs;

  async function renew(): Promise<void> {
    const askedMs = performance.now();
    try {
      const { matchedCount } = await collection.updateOne(mine, [
        { $set: { leasedUntil: { $add: ['$$NOW', times.leaseMs] } } },
      ]);
      if (matchedCount === 0) lose();
      else heldUntilMs = askedMs + times.leaseMs;
    } catch {
      // Tried again until the lease is over.
      if (performance.now() >= heldUntilMs) lose();
    }
  }

  function lose(): void {
    clearInterval(timer);
    losing.abort(new LeaseLost());
  }

  async function update(change: UpdateFilter<LeasedDoc>): Promise<void> {
    const { matchedCount } = await collection.updateOne(mine, change);
    if (matchedCount > 0) return;
    lose();
    throw new LeaseLost();
  }

  const timer = setInterval(renew, times.renewMs);
  return {
    epoch,
    isHeld: () => !losing.signal.aborted && performance.now() < heldUntilMs,
    lost: losing.signal,
    update: (change) => update(change as UpdateFilter<LeasedDoc>),
    confirm: () => update({ $max: { epoch } }),
    async release() {
      lose();
      const released = collection.updateOne(
        { _id: id, epoch },
        { $set: { holder: null, leasedUntil: new Date(0) } },
      );
      await inTime(released, partingMs, () => new Unavailable('mongodb'));
    },
  };
}
