import { EngineOpenError } from '../engine-open-error.ts';
import { type Databases, databaseNames } from './databases.ts';

/** What fills the databases: until it is done, no server may start on them. */
export type Filling = 'restore' | 'move';

interface IncompleteDoc {
  _id: 'incomplete';
  filling: Filling;
  since: Date;
}

type Databased = Pick<Databases, 'db'>;

const marksIn = (databases: Databased) =>
  databaseNames.map((name) => databases.db(name).collection<IncompleteDoc>('schema'));

/** In every database: they may be four deployments, and a server may be given another one of them. */
export async function markIncomplete(databases: Databased, filling: Filling): Promise<void> {
  for (const marks of marksIn(databases)) {
    await marks.updateOne({ _id: 'incomplete' }, { $set: { filling, since: new Date() } }, { upsert: true });
  }
}

export async function markComplete(databases: Databased): Promise<void> {
  for (const marks of marksIn(databases)) await marks.deleteOne({ _id: 'incomplete' });
}

/** What was begun and did not end; undefined: nothing. */
export async function findFilling(databases: Databased): Promise<Filling | undefined> {
  const found = await Promise.all(marksIn(databases).map((marks) => marks.findOne({ _id: 'incomplete' })));
  return found.find((mark) => mark !== null)?.filling;
}

/**
 * To be asked before anything is read from the databases, and again when others see that this process runs.
 * @throws EngineOpenError while a restore or move is under way, and after one that did not end.
 */
export async function refuseIncomplete(databases: Databased): Promise<void> {
  const filling = await findFilling(databases);
  if (filling === undefined) return;
  throw new EngineOpenError(
    `the databases are incomplete: \`twite ${filling}\` is under way, or was interrupted. Let it end, or run it again.`,
  );
}
