import { MongoError } from 'mongodb';
import { mongoRefuses, type ServiceUrls } from '../connections.ts';
import { type Databases, type MongoUrls, openDatabases } from '../mongodb/databases.ts';

/** Opens the databases once every deployment answers. Throws `EngineOpenError` when one does not. */
export async function openAnswering(urls: MongoUrls, namespace: string): Promise<Databases> {
  const refused = (error: unknown, name?: keyof MongoUrls) =>
    error instanceof MongoError ? mongoRefuses({ mongodb: urls }, error, name) : error;
  await using opening = new AsyncDisposableStack();
  let databases: Databases;
  try {
    databases = opening.use(openDatabases(urls, namespace));
  } catch (error) {
    throw refused(error);
  }
  for (const { client, databases: names } of databases.deployments) {
    try {
      await client.db('admin').command({ ping: 1 });
    } catch (error) {
      throw refused(error, names[0]);
    }
  }
  opening.move();
  return databases;
}

/** Runs the function and turns errors of MongoDB into an `EngineOpenError` with a one-line message for the operator. */
export async function explaining<T>(urls: Pick<ServiceUrls, 'mongodb'>, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw error instanceof MongoError ? mongoRefuses(urls, error) : error;
  }
}
