import { eraseDerived } from '../backup/erase-derived.ts';
import type { ServiceUrls } from '../connections.ts';
import { databaseNames, openDatabases } from '../mongodb/databases.ts';

/** Erases all that is in some namespaces from the servers: for tests and benchmarks, whose engines are closed. */
export async function eraseNamespace(urls: ServiceUrls, namespaces: readonly string[]): Promise<void> {
  for (const namespace of namespaces) {
    await using databases = openDatabases(urls.mongodb, namespace);
    await Promise.all([
      eraseDerived(urls, namespace),
      ...databaseNames.map((name) => databases.db(name).dropDatabase()),
    ]);
  }
}
