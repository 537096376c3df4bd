import { EngineOpenError } from '../engine-open-error.ts';
import { type Databases, databaseNames } from './databases.ts';

/** What fills the databases: until it completes, no server may start on them. */
export type Filling = 'restore' | 'move';

interface IncompleteDoc {
  _id: 'incomplete';
  filling: Filling;
  since: Date;
}

type Databased = Pick<Databases, 'db'>;

const marksIn = (databases: Databased) =>
  databaseNames.map((name) => databases.db(name).collection<IncompleteDoc>('schema'));

/**
 * Written to every database: they may be in four deployments, and a server may be configured with a different one of
 * them.
 */
export async function markIncomplete(databases: Databased, filling: Filling): Promise<void> {
  for (const marks of marksIn(databases)) {
    await marks.updateOne({ _id: 'incomplete' }, { $set: { filling, since: new Date() } }, { upsert: true });
  }
}

export async function markComplete(databases: Databased): Promise<void> {
  for (const marks of marksIn(databases)) await marks.deleteOne({ _id: 'incomplete' });
}

/** The operation that began and did not complete; undefined if there is none. */
export async function findFilling(databases: Databased): Promise<Filling | undefined> {
  const found = await Promise.all(marksIn(databases).map((marks) => marks.findOne({ _id: 'incomplete' })));
  return found.find((mark) => mark !== null)?.filling;
}

/**
 * Call it before reading from the databases, and again once others can see that this process runs.
 * @throws EngineOpenError while a restore or move is in progress, and after one that did not complete.
 */
export async function refuseIncomplete(databases: Databased): Promise<void> {
  const filling = await findFilling(databases);
  if (filling === undefined) return;
  throw new EngineOpenError(
    `the databases are incomplete: \`twite ${filling}\` is under way, or was interrupted. Let it end, or run it again.`,
  );
}
