import { eraseDerived } from '../backup/erase-derived.ts';
import type { ServiceUrls } from '../connections.ts';
import { databaseNames, openDatabases } from '../mongodb/databases.ts';
import { bucketOf, eraseBucket } from '../s3/testing/s3-for-test.ts';

/** Erases all data of some namespaces from the servers: for tests and benchmarks, whose engines are closed. */
export async function eraseNamespace(urls: ServiceUrls, namespaces: readonly string[]): Promise<void> {
  for (const namespace of namespaces) {
    await using databases = openDatabases(urls.mongodb, namespace);
    await Promise.all([
      eraseDerived(urls, namespace),
      urls.s3 && eraseBucket({ ...urls.s3, bucket: bucketOf(namespace) }),
      ...databaseNames.map((name) => databases.db(name).dropDatabase()),
    ]);
  }
}
