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
  /** How long a holder keeps the lease without renewing it. */
  readonly leaseMs: number;
  readonly renewMs: number;
}

/** Another process takes over from a dead holder shortly after the lease ends. */
export const leaseTimes: LeaseTimes = { leaseMs: 6_000, renewMs: 2_000 };

/** A document that only its holder may change. */
export interface LeasedDoc {
  _id: string;
  /** For display. */
  holder: string | null;
  /** The fencing token: it increments with each holder, and the store rejects writes of former holders. */
  epoch: number;
  leasedUntil: Date;
}

/** The fields of a leased document that nobody has held yet. */
export const neverHeld = { holder: null, epoch: 0, leasedUntil: new Date(0) } as const;

/** The exclusive right to change a document, until `lost` is aborted. */
export interface EpochLease<D extends LeasedDoc> {
  readonly epoch: number;
  /** As far as this process can know; an update verifies it. */
  isHeld(): boolean;
  readonly lost: AbortSignal;
  /** Rejects with `LeaseLost`, and changes nothing, when this process no longer holds the lease. */
  update(change: UpdateFilter<D>): Promise<void>;
  /** Asks the store whether the lease is still held. Rejects like `update`. */
  confirm(): Promise<void>;
  /** Lets another process take over at once. */
  release(): Promise<void>;
}

export interface EpochLeaseOptions<D extends LeasedDoc> {
  /** Already contains the document, with a `leasedUntil` in the past if nobody has held it yet. */
  readonly collection: Collection<D>;
  readonly id: string;
  readonly holder: string;
  readonly times: LeaseTimes;
  /** Must hold when the lease is taken or renewed, and for each update. */
  readonly condition?: object;
}

/**
 * Takes the lease, unless another process holds it or the condition does not hold. All times are by the database's
 * clock.
 */
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
      // Retried until the lease expires.
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
