import type { Collection, Document } from 'mongodb';
import type { ServiceUrls } from '../connections.ts';
import { EngineOpenError } from '../engine-open-error.ts';
import { type Databases, databaseNames } from '../mongodb/databases.ts';
import { buildIndexes, findMissingIndexes } from '../mongodb/ensure-indexes.ts';
import { ensureSchema, writeVersion } from '../mongodb/ensure-schema.ts';
import { raiseIdsFloor } from '../mongodb/ids-floor.ts';
import { type Filling, findFilling, markComplete, markIncomplete } from '../mongodb/incomplete.ts';
import { bounded } from '../mongodb/reads.ts';
import { type BackedUpName, backedUp, backedUpNames } from './backed-up.ts';
import { eraseDerived, requireDerived } from './erase-derived.ts';
import type { FillObjects } from './fill-objects.ts';

export interface FillOptions {
  readonly databases: Databases;
  readonly urls: ServiceUrls;
  readonly namespace: string;
  readonly filling: Filling;
  /** Erased with the rest. */
  readonly objects: FillObjects;
}

/** Fills the databases of an instance from elsewhere, while no process of the instance runs. */
export interface FillDatabases {
  /** Whether they hold anything of people. What an interrupted filling left does not count. */
  hasData(): Promise<boolean>;
  /** Empties everything of the instance, and marks it as incomplete until `finish` resolved. */
  begin(schemaVersion: number): Promise<void>;
  /** Some hundred documents that are not there yet. */
  insert(name: BackedUpName, documents: readonly Document[]): Promise<void>;
  /** New ids have to be above the one that is in the field of ids. */
  sawId(name: BackedUpName, fields: Document): void;
  finish(): Promise<void>;
}

export function fillDatabases({ databases, urls, namespace, filling, objects }: FillOptions): FillDatabases {
  const collectionOf = (name: BackedUpName) => databases.collections[name] as unknown as Collection<Document>;
  let newestId = '';

  const sawId = (name: BackedUpName, fields: Document) => {
    const { idField } = backedUp[name];
    const id: unknown = idField === null ? undefined : fields[idField];
    if (typeof id === 'string' && id > newestId) newestId = id;
  };

  async function refuseRunning(): Promise<void> {
    const { processes } = databases.collections;
    const running = await processes
      .find({ expiresAt: { $gt: new Date() }, processId: { $ne: null } }, bounded)
      .toArray();
    if (running.length === 0) return;
    const places = running.slice(0, 5).map(({ host }) => host);
    throw new EngineOpenError(
      `${running.length} ${running.length === 1 ? 'process' : 'processes'} of the instance ${running.length === 1 ? 'runs' : 'run'} (${places.join(', ')}): stop servers, workers and relays first. After a crash, wait 30 s.`,
    );
  }

  return {
    async hasData() {
      if ((await findFilling(databases)) !== undefined) return false;
      // Collections without ids of ours tell of the instance, not of people: a start on empty databases fills them.
      const ofPeople = backedUpNames.filter((name) => backedUp[name].idField !== null);
      const found = await Promise.all(
        ofPeople.map((name) => collectionOf(name).findOne({}, { ...bounded, projection: { _id: 1 } })),
      );
      // Also another instance's, which was given the same bucket.
      return found.some((document) => document !== null) || (await objects.hasObjects());
    },
    async begin(schemaVersion) {
      const before = await findFilling(databases);
      await markIncomplete(databases, filling);
      try {
        await refuseRunning();
        await requireDerived(urls);
      } catch (error) {
        // Nothing was changed yet.
        if (before === undefined) await markComplete(databases);
        throw error;
      }
      await eraseDerived(urls, namespace);
      await objects.begin();
      const { relays, leases, queueProgress, passwordResets } = databases.collections;
      const others = [relays, leases, queueProgress, passwordResets];
      for (const collection of [...backedUpNames.map(collectionOf), ...others]) await collection.drop();
      for (const name of databaseNames) {
        await databases.db(name).collection<{ _id: string }>('schema').deleteOne({ _id: 'schema' });
      }
      if (filling === 'move') {
        // What is about to come is as this release writes it: it needs no migration.
        await ensureSchema(databases);
        return;
      }
      // Now, while they are cheap to make.
      const { signal } = new AbortController();
      await buildIndexes(databases, await findMissingIndexes(databases), { log: () => {}, signal });
      for (const name of databaseNames) await writeVersion(databases.db(name), schemaVersion);
    },
    async insert(name, documents) {
      for (const document of documents) sawId(name, document);
      await collectionOf(name).insertMany([...documents], { ordered: false });
    },
    sawId,
    async finish() {
      if (newestId !== '') await raiseIdsFloor(databases, newestId);
      await markComplete(databases);
    },
  };
}
