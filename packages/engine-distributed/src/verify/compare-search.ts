import type { Client } from '@elastic/elasticsearch';
import type { StoredDocument } from '../elasticsearch/stored-documents.ts';
import { indexedAccounts, indexedPosts } from '../elasticsearch/stored-documents.ts';
import type { Collections } from '../mongodb/databases.ts';
import { bounded } from '../mongodb/reads.ts';
import { allAccounts, allPosts } from '../mongodb/walks.ts';
import type { Comparing } from './mismatches.ts';

/** What the index should have of a post or account; null: nothing that can be found. */
type Wanted = number | null;

const pageSize = 1_000;

async function readIndexed(
  list: (after: string | undefined, limit: number) => Promise<readonly StoredDocument[]>,
): Promise<Map<string, Wanted>> {
  const found = new Map<string, Wanted>();
  for (let after: string | undefined; ; ) {
    const page = await list(after, pageSize);
    for (const { id, version, deleted } of page) found.set(id, deleted ? null : version);
    if (page.length < pageSize) return found;
    after = page[page.length - 1]?.id;
  }
}

function differing(
  wanted: ReadonlyMap<string, Wanted>,
  found: ReadonlyMap<string, Wanted>,
  only: readonly string[] | undefined,
): string[] {
  const ids = only ?? [...new Set([...wanted.keys(), ...found.keys()])];
  return ids.filter((id) => (wanted.get(id) ?? null) !== (found.get(id) ?? null));
}

export interface SearchSide {
  readonly client: Client;
  readonly namespace: string;
  readonly collections: Collections;
  /** Makes what was written found. */
  settle(): Promise<void>;
}

/** Every post that was not deleted is in the index, and no other. */
export const comparePosts = ({ client, namespace, collections, settle }: SearchSide): Comparing => ({
  what: 'search: posts',
  async compare(only) {
    await settle();
    const found = await readIndexed((after, limit) => indexedPosts(client, namespace, after, limit));
    const wanted = new Map<string, Wanted>();
    const take = ({ _id, deleted }: { readonly _id: string; readonly deleted?: boolean }) =>
      // A post is version 1 for as long as it is there.
      wanted.set(_id, deleted ? null : 1);
    if (only === undefined) for await (const posts of allPosts(collections)) posts.forEach(take);
    else (await collections.posts.find({ _id: { $in: [...only] } }, bounded).toArray()).forEach(take);
    return { compared: wanted.size, differing: differing(wanted, found, only) };
  },
});

/** Every active account is in the index as of its newest revision, and no other. */
export const compareAccounts = ({ client, namespace, collections, settle }: SearchSide): Comparing => ({
  what: 'search: accounts',
  async compare(only) {
    await settle();
    const found = await readIndexed((after, limit) => indexedAccounts(client, namespace, after, limit));
    const wanted = new Map<string, Wanted>();
    const take = ({
      _id,
      status,
      rev,
    }: {
      readonly _id: string;
      readonly status: string;
      readonly rev: number;
    }) => wanted.set(_id, status === 'active' ? rev : null);
    if (only === undefined) for await (const accounts of allAccounts(collections)) accounts.forEach(take);
    else (await collections.accounts.find({ _id: { $in: [...only] } }, bounded).toArray()).forEach(take);
    return { compared: wanted.size, differing: differing(wanted, found, only) };
  },
});
