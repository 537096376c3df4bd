import { randomUUID } from 'node:crypto';
import type { Document, Timestamp } from 'mongodb';
import { EngineOpenError } from '../engine-open-error.ts';
import type { Databases, Deployment } from '../mongodb/databases.ts';
import { isHistoryLost } from '../relay/change-stream.ts';
import {
  type BackedUpName,
  backedUp,
  backedUpNames,
  databaseOf,
  databaseOfCollection,
  type Stage,
  stages,
} from './backed-up.ts';
import { exactTypes, keptChange, type StreamedChange, writeChange } from './changes.ts';

/** The position in a deployment's order of changes at which the backup of some stages ends. */
export interface Cut {
  readonly deployment: Deployment;
  readonly stages: readonly Stage[];
  readonly barrierId: string;
}

/** Consecutive stages of one deployment share a cut: the backup of a deployment shows a single moment. */
export async function makeCuts(deployments: readonly Deployment[]): Promise<readonly Cut[]> {
  const cuts: { deployment: Deployment; stages: Stage[]; barrierId: string }[] = [];
  for (const stage of stages) {
    const deployment = deployments.find(({ databases }) =>
      databases.includes(databaseOf[stage]),
    ) as Deployment;
    const last = cuts.at(-1);
    if (last?.deployment === deployment) last.stages.push(stage);
    else cuts.push({ deployment, stages: [stage], barrierId: `backup-${randomUUID()}` });
  }
  // One after the other: each is durable before the next is made. The relay erases them, or they expire.
  for (const { deployment, barrierId } of cuts)
    await deployment.barriers.insertOne({ _id: barrierId, createdAt: new Date() });
  return cuts;
}

const idleMs = 1_000;
/** A deployment that reports nothing new for this long will not report the cut either. */
const silenceMsMax = 60_000;

/** Yields the changes of a deployment from a time on, up to the cut of each collection, in order. */
export async function* readChanges(
  databases: Databases,
  deployment: Deployment,
  from: Timestamp,
  cuts: readonly Cut[],
): AsyncGenerator<readonly Uint8Array[]> {
  const names = backedUpNames.filter((name) => deployment.databases.includes(databaseOfCollection(name)));
  const byPlace = new Map<string, BackedUpName>(
    names.map((name) => [`${databases.nameOf(databaseOfCollection(name))}.${name}`, name]),
  );
  const open = new Set<BackedUpName>(names);
  const awaited = new Map(
    cuts.filter((cut) => cut.deployment === deployment).map((cut) => [cut.barrierId, cut.stages]),
  );
  const { barriers } = deployment;
  const ours = deployment.databases.map((name) => databases.nameOf(name));
  const stream = deployment.client.watch<Document, StreamedChange & Document>(
    [
      {
        $match: {
          $or: [
            { 'ns.db': { $in: ours }, 'ns.coll': { $in: names } },
            { 'ns.db': barriers.dbName, 'ns.coll': barriers.collectionName },
            { 'ns.db': { $in: ours }, operationType: 'dropDatabase' },
            { operationType: 'invalidate' },
          ],
        },
      },
    ],
    { startAtOperationTime: from, maxAwaitTimeMS: idleMs, batchSize: 500, ...exactTypes },
  );
  let lastChangeAt = performance.now();
  try {
    while (awaited.size > 0) {
      const change = await stream.tryNext();
      if (change === null) {
        if (performance.now() - lastChangeAt > silenceMsMax) throw changesAreMissing();
        continue;
      }
      lastChangeAt = performance.now();
      const { operationType, ns, documentKey } = change;
      if (['drop', 'rename', 'dropDatabase', 'invalidate'].includes(operationType)) {
        throw new EngineOpenError('a collection was dropped or renamed during the backup: take another one');
      }
      if (ns?.coll === barriers.collectionName && ns.db === barriers.dbName) {
        const barrierId = String(documentKey?._id);
        const ended = operationType === 'insert' ? awaited.get(barrierId) : undefined;
        if (ended === undefined) continue;
        awaited.delete(barrierId);
        for (const name of names) if (ended.includes(backedUp[name].stage)) open.delete(name);
        continue;
      }
      const name = byPlace.get(`${ns?.db}.${ns?.coll}`);
      if (name === undefined || !open.has(name)) continue;
      const kept = keptChange(name, change);
      if (kept !== undefined) yield [writeChange(kept)];
    }
  } catch (error) {
    if (!isHistoryLost(error)) throw error;
    throw new EngineOpenError(
      'MongoDB no longer has all changes since the backup began: enlarge its oplog (replSetResizeOplog), so that it reaches back over a whole backup, and take another one',
      { cause: error },
    );
  } finally {
    await stream.close().catch(() => {});
  }
}

const changesAreMissing = () =>
  new EngineOpenError(
    'MongoDB shows no changes any more: its change streams need a replica set with a majority. Take another backup when it is healthy.',
  );
