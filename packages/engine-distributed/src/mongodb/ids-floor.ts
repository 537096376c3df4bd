import type { Databases } from './databases.ts';

interface IdsDoc {
  _id: 'ids';
  after: string;
}

const idsIn = (databases: Pick<Databases, 'db'>) => databases.db('identity').collection<IdsDoc>('schema');

/** The newest id that was imported from elsewhere; every new id must be above it. Undefined: there is none. */
export async function readIdsFloor(databases: Pick<Databases, 'db'>): Promise<string | undefined> {
  return (await idsIn(databases).findOne({ _id: 'ids' }))?.after;
}

export async function raiseIdsFloor(databases: Pick<Databases, 'db'>, after: string): Promise<void> {
  await idsIn(databases).updateOne({ _id: 'ids' }, { $max: { after } }, { upsert: true });
}
