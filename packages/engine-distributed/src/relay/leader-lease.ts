import type { Collection } from 'mongodb';
import type { RelayDoc, SnapshotDoc } from '../mongodb/documents.ts';
import { type EpochLease, type LeaseTimes, neverHeld, takeEpochLease } from '../mongodb/epoch-lease.ts';
import { duplicateField } from '../mongodb/errors.ts';

/** How far a deployment was relayed. */
export interface RelayPlace {
  readonly resumeToken: unknown;
  /** Milliseconds. */
  readonly relayedAt: number;
}

/** The lease to lead one deployment's relay. */
export interface Lease extends Omit<EpochLease<RelayDoc>, 'update'> {
  /** The last saved place; empty before the first start. */
  findPlace(): Promise<Pick<RelayDoc, 'resumeToken' | 'snapshot'>>;
  /** Rejects with `LeaseLost`, like the next two, when a later leader took over or the data is of a newer version. */
  save(place: RelayPlace): Promise<void>;
  /** Saves how far a snapshot got, until a place after it is saved. */
  saveSnapshot(snapshot: SnapshotDoc): Promise<void>;
  /** Removes the saved place: the history after it is lost. */
  forgetPlace(): Promise<void>;
}

/** The data is of a newer version than this relay, which might skip what it does not know. */
export class NewerData extends Error {
  readonly version: number;

  constructor(known: number, version: number) {
    super(`this relay knows schema version ${known}, the data is of version ${version}: upgrade the relay`);
    this.name = 'NewerData';
    this.version = version;
  }
}

export interface LeaseOptions {
  readonly relays: Collection<RelayDoc>;
  readonly relayId: string;
  readonly processId: string;
  readonly times: LeaseTimes;
  /** The version of this relay. */
  readonly schemaVersion: number;
}

/**
 * Takes the lead, unless another process has it.
 * @throws NewerData when the data is of a newer version.
 */
export async function takeLease(options: LeaseOptions): Promise<Lease | undefined> {
  const { relays, relayId, processId, times, schemaVersion } = options;
  const version = await raiseRelay(relays, relayId, schemaVersion);
  if (version > schemaVersion) throw new NewerData(schemaVersion, version);
  const lease = await takeEpochLease({
    collection: relays,
    id: relayId,
    holder: processId,
    times,
    // The store checks it with each save, so that no place behind data of a newer version is ever saved.
    condition: { schemaVersion: { $lte: schemaVersion } },
  });
  if (lease === undefined) return undefined;
  const { update, ...held } = lease;
  return {
    ...held,
    async findPlace() {
      const projection = { _id: 0, resumeToken: 1, snapshot: 1 };
      return (await relays.findOne({ _id: relayId }, { projection })) ?? {};
    },
    save: ({ resumeToken, relayedAt }) =>
      update({ $set: { resumeToken, relayedAt }, $unset: { snapshot: '' } }),
    saveSnapshot: (snapshot) => update({ $set: { snapshot } }),
    forgetPlace: () => update({ $unset: { resumeToken: '', snapshot: '' } }),
  };
}

/** For releases without schema versions in relay documents: their relays always find the lease taken. */
const takenForGood = new Date('9999-12-31T00:00:00Z');

/** How relays of version 1 read it: the lease is taken and nobody leads. */
export const closedToVersion1 = { leader: null, leaseExpiresAt: takenForGood } as const;

/**
 * Records that data of this version is, or is about to be, in the deployment: from then on no older relay leads, and
 * anything an older one published since its last save is published again. Returns the document's resulting version.
 */
export async function raiseRelay(
  relays: Collection<RelayDoc>,
  relayId: string,
  schemaVersion: number,
): Promise<number> {
  const raise = () =>
    relays.findOneAndUpdate(
      { _id: relayId },
      {
        $max: { schemaVersion },
        $setOnInsert: { ...closedToVersion1, ...neverHeld },
      },
      { upsert: true, returnDocument: 'after', projection: { schemaVersion: 1 } },
    );
  const doc = await raise().catch((error: unknown) => {
    // Two concurrent upserts: one inserts, and the other finds the inserted document.
    if (duplicateField(error) === undefined) throw error;
    return raise();
  });
  return doc?.schemaVersion ?? schemaVersion;
}
