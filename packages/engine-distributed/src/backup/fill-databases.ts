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
  /** Erased with everything else. */
  readonly objects: FillObjects;
}

/** Fills the databases of an instance from another source, while no process of the instance runs. */
export interface FillDatabases {
  /** Whether they hold any user data. The remains of an interrupted fill do not count. */
  hasData(): Promise<boolean>;
  /** Empties everything of the instance, and marks it as incomplete until `finish` resolves. */
  begin(schemaVersion: number): Promise<void>;
  /** Inserts some hundred documents that are not there yet. */
  insert(name: BackedUpName, documents: readonly Document[]): Promise<void>;
  /** New ids must be above the one in the collection's id field. */
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
      // Collections without Twite ids describe the instance, not its users: a start on empty databases fills them.
      const ofPeople = backedUpNames.filter((name) => backedUp[name].idField !== null);
      const found = await Promise.all(
        ofPeople.map((name) => collectionOf(name).findOne({}, { ...bounded, projection: { _id: 1 } })),
      );
      // The objects may also belong to another instance that was given the same bucket.
      return found.some((document) => document !== null) || (await objects.hasObjects());
    },
    async begin(schemaVersion) {
      const before = await findFilling(databases);
      await markIncomplete(databases, filling);
      try {
        await refuseRunning();
        await requireDerived(urls);
      } catch (error) {
        // Nothing has been changed yet.
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
        // The incoming data has this release's format and needs no migration.
        await ensureSchema(databases);
        return;
      }
      // Build the indexes now, while it is cheap.
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
