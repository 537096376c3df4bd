import type { Client } from '@elastic/elasticsearch';
import type { Comparing } from '@twite/core/admin/comparing';
import type { StoredDocument } from '../elasticsearch/stored-documents.ts';
import { indexedAccounts, indexedPosts } from '../elasticsearch/stored-documents.ts';
import type { Collections } from '../mongodb/databases.ts';
import { allAccounts, allPosts } from '../mongodb/walks.ts';
import { compareSorted, type Row } from './compare-sorted.ts';

const pageSize = 1_000;

/** The searchable entries, with their versions. */
async function* readIndexed(
  list: (after: string | undefined, limit: number) => Promise<readonly StoredDocument[]>,
): AsyncGenerator<Row> {
  for (let after: string | undefined; ; ) {
    const page = await list(after, pageSize);
    for (const { id, version, deleted } of page) yield [id, deleted ? null : version];
    if (page.length < pageSize) return;
    after = page[page.length - 1]?.id;
  }
}

/** The expected version of each in the index; null: it must not be found. */
async function* wanted<T extends { readonly _id: string }>(
  walk: AsyncIterable<readonly T[]>,
  versionOf: (document: T) => number | null,
): AsyncGenerator<Row> {
  for await (const batch of walk) for (const document of batch) yield [document._id, versionOf(document)];
}

export interface SearchSide {
  readonly client: Client;
  readonly namespace: string;
  readonly collections: Collections;
  /** Makes all written documents searchable. */
  settle(): Promise<void>;
}

/** Checks that the index contains every post that was not deleted, and no other. */
export const comparePosts = ({ client, namespace, collections, settle }: SearchSide): Comparing => ({
  what: 'search: posts',
  async compare(only) {
    await settle();
    return compareSorted(
      // A post has version 1 for as long as it exists.
      wanted(allPosts(collections), ({ deleted }) => (deleted ? null : 1)),
      readIndexed((after, limit) => indexedPosts(client, namespace, after, limit)),
      only,
    );
  },
});

/** Checks that the index contains every active account at its newest revision, and no other. */
export const compareAccounts = ({ client, namespace, collections, settle }: SearchSide): Comparing => ({
  what: 'search: accounts',
  async compare(only) {
    await settle();
    return compareSorted(
      wanted(allAccounts(collections), ({ status, rev }) => (status === 'active' ? rev : null)),
      readIndexed((after, limit) => indexedAccounts(client, namespace, after, limit)),
      only,
    );
  },
});
