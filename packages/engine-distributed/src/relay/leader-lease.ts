import { Unavailable } from '@twite/core/unavailable';
import { type Collection, MongoServerError, type UpdateFilter } from 'mongodb';
import { inTime, partingMs } from '../in-time.ts';
import type { RelayDoc, SnapshotDoc } from '../mongodb/documents.ts';

/** Another process relays now. */
export class LeaseLost extends Error {
  constructor() {
    super('another process relays now');
    this.name = 'LeaseLost';
  }
}

export interface LeaseTimes {
  /** How long a leader that is not heard of keeps its lead. */
  readonly leaseMs: number;
  readonly renewMs: number;
}

/** A dead leader is followed a little after the lease ends. */
export const leaseTimes: LeaseTimes = { leaseMs: 6_000, renewMs: 2_000 };

/** How far a deployment was relayed. */
export interface RelayPlace {
  readonly resumeToken: unknown;
  /** Milliseconds. */
  readonly relayedAt: number;
}

/** The lead over one deployment's relay. */
export interface Lease {
  readonly epoch: number;
  /** As far as this process can know; a save finds out. */
  isHeld(): boolean;
  /** Aborted when the lead is lost. */
  readonly lost: AbortSignal;
  /** What was saved last; nothing before the first start. */
  findPlace(): Promise<Pick<RelayDoc, 'resumeToken' | 'snapshot'>>;
  /** Rejects with `LeaseLost`, as the next two, when a later leader took over: what it saved stays. */
  save(place: RelayPlace): Promise<void>;
  /** How far a snapshot came, until a place after it is saved. */
  saveSnapshot(snapshot: SnapshotDoc): Promise<void>;
  /** From the place that was saved nothing can go on. */
  forgetPlace(): Promise<void>;
  /** Lets another process follow at once. */
  release(): Promise<void>;
}

export interface LeaseOptions {
  readonly relays: Collection<RelayDoc>;
  readonly relayId: string;
  readonly processId: string;
  readonly times: LeaseTimes;
}

/** Takes the lead, unless another process has it. All times are by the clock of the database. */
export async function takeLease(options: LeaseOptions): Promise<Lease | undefined> {
  const { relays, relayId, processId, times } = options;
  await ensureRelay(relays, relayId);
  const takenMs = performance.now();
  const doc = await relays.findOneAndUpdate(
    { _id: relayId, $expr: { $lte: ['$leaseExpiresAt', '$$NOW'] } },
    [
      {
        $set: {
          leader: { $literal: processId },
          epoch: { $add: ['$epoch', 1] },
          leaseExpiresAt: { $add: ['$$NOW', times.leaseMs] },
        },
      },
    ],
    { returnDocument: 'after' },
  );
  return doc === null ? undefined : keepLease(options, doc.epoch, takenMs);
}

async function ensureRelay(relays: Collection<RelayDoc>, relayId: string): Promise<void> {
  try {
    await relays.updateOne(
      { _id: relayId },
      { $setOnInsert: { leader: null, epoch: 0, leaseExpiresAt: new Date(0) } },
      { upsert: true },
    );
  } catch (error) {
    const isThere = error instanceof MongoServerError && error.code === 11_000;
    if (!isThere) throw error;
  }
}

function keepLease({ relays, relayId, times }: LeaseOptions, epoch: number, takenMs: number): Lease {
  const mine = { _id: relayId, epoch };
  const losing = new AbortController();
  let heldUntilMs = takenMs + times.leaseMs;

  async function renew(): Promise<void> {
    const askedMs = performance.now();
    try {
      const { matchedCount } = await relays.updateOne(mine, [
        { $set: { leaseExpiresAt: { $add: ['$$NOW', times.leaseMs] } } },
      ]);
      if (matchedCount === 0) lose();
      else heldUntilMs = askedMs + times.leaseMs;
    } catch {
      // It is tried again, until the lease is over.
      if (performance.now() >= heldUntilMs) lose();
    }
  }

  function lose(): void {
    clearInterval(timer);
    losing.abort(new LeaseLost());
  }

  async function update(change: UpdateFilter<RelayDoc>): Promise<void> {
    const { matchedCount } = await relays.updateOne(mine, change);
    if (matchedCount > 0) return;
    lose();
    throw new LeaseLost();
  }

  const timer = setInterval(renew, times.renewMs);
  return {
    epoch,
    isHeld: () => !losing.signal.aborted && performance.now() < heldUntilMs,
    lost: losing.signal,
    async findPlace() {
      const place = await relays.findOne(
        { _id: relayId },
        { projection: { _id: 0, resumeToken: 1, snapshot: 1 } },
      );
      return place ?? {};
    },
    save: ({ resumeToken, relayedAt }) =>
      update({ $set: { resumeToken, relayedAt }, $unset: { snapshot: '' } }),
    saveSnapshot: (snapshot) => update({ $set: { snapshot } }),
    forgetPlace: () => update({ $unset: { resumeToken: '', snapshot: '' } }),
    async release() {
      lose();
      const released = relays.updateOne(mine, { $set: { leader: null, leaseExpiresAt: new Date(0) } });
      await inTime(released, partingMs, () => new Unavailable('mongodb'));
    },
  };
}
