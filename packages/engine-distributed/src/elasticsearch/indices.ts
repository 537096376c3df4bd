import type { Client, estypes } from '@elastic/elasticsearch';
import { analysisVersion } from '@twite/core/text/search-words';
import { errorTypeOf } from './client.ts';

export const searchKinds = ['posts', 'accounts'] as const;
export type SearchKind = (typeof searchKinds)[number];

/** What readers and writers name; it stands for the index of the newest version. */
export const aliasOf = (namespace: string, kind: SearchKind): string => `${namespace}-${kind}`;
export const indexOf = (namespace: string, kind: SearchKind, version: number): string =>
  `${aliasOf(namespace, kind)}-v${version}`;

export function versionOf(index: string): number {
  const version = /-v([0-9]+)$/.exec(index)?.[1];
  if (version === undefined) throw new Error(`${index} has no version in its name`);
  return Number(version);
}

const keyword: estypes.MappingProperty = { type: 'keyword' };
// Longer terms than Lucene takes would make the document fail; nothing real is as long.
const anyKeyword: estypes.MappingProperty = { type: 'keyword', ignore_above: 8_191 };
const tombstone: Record<string, estypes.MappingProperty> = {
  deleted: { type: 'boolean' },
  removedAt: { type: 'date', format: 'epoch_millis' },
};

const mappings: Record<SearchKind, estypes.MappingTypeMapping> = {
  posts: {
    dynamic: 'strict',
    properties: {
      postId: { type: 'long' },
      authorId: keyword,
      visibility: keyword,
      // The words that `wordsOf` finds, separated by blanks, so that all engines find the same.
      words: { type: 'text', analyzer: 'whitespace', norms: false },
      tags: anyKeyword,
      // Absent in what was indexed before there were media: without any.
      hasMedia: { type: 'boolean' },
      ...tombstone,
    },
  },
  accounts: {
    dynamic: 'strict',
    properties: {
      accountId: keyword,
      handleKey: anyKeyword,
      // Nested, so that accounts can be sorted by the first of their suffixes that fits.
      names: { type: 'nested', properties: { suffix: anyKeyword } },
      ...tombstone,
    },
  },
};

// In the order of the index, a search ends when its page is full, however much there is besides.
const sorted: Record<SearchKind, estypes.IndicesIndexSettings> = {
  posts: { sort: { field: 'postId', order: 'desc' } },
  accounts: {},
};

/** How soon what was written is found. */
export const refreshInterval = '500ms';

/**
 * Makes an index that is not there yet.
 * @throws ResponseError `resource_already_exists_exception`
 */
export async function createIndex(
  client: Client,
  index: string,
  kind: SearchKind,
  options: { readonly alias?: string; readonly refreshInterval?: string } = {},
): Promise<void> {
  await client.indices.create(
    {
      index,
      settings: {
        number_of_shards: 1,
        auto_expand_replicas: '0-1',
        refresh_interval: options.refreshInterval ?? refreshInterval,
        ...sorted[kind],
      },
      mappings: { ...mappings[kind], _meta: { analysis: analysisVersion } },
      ...(options.alias === undefined ? {} : { aliases: { [options.alias]: { is_write_index: true } } }),
    },
    { requestTimeout: 30_000 },
  );
}

/** The index behind each alias; missing where there is none yet. */
export async function currentIndex(
  client: Client,
  namespace: string,
  kind: SearchKind,
): Promise<string | undefined> {
  const found = await client.indices.getAlias(
    { name: aliasOf(namespace, kind), index: `${aliasOf(namespace, kind)}-v*`, allow_no_indices: true },
    { ignore: [404] },
  );
  return Object.keys(found).find((index) => index.startsWith(aliasOf(namespace, kind)));
}

/** Fields that an index of an older release lacks. What is there stays as it is: no document is indexed anew. */
async function addFields(client: Client, index: string, kind: SearchKind): Promise<void> {
  const wanted = mappings[kind].properties ?? {};
  const found = await client.indices.getMapping({ index });
  const isMissing = Object.values(found).some(({ mappings: { properties = {} } }) =>
    Object.keys(wanted).some((field) => properties[field] === undefined),
  );
  if (isMissing) await client.indices.putMapping({ index, properties: wanted });
}

/** Whether an older release analysed the texts of an index. A newer release may have done so when this one was rolled back. */
export async function hasOldAnalysis(client: Client, namespace: string): Promise<boolean> {
  const index = searchKinds.map((kind) => aliasOf(namespace, kind));
  const found = await client.indices.getMapping({ index, ignore_unavailable: true });
  // The first version had no number.
  return Object.values(found).some(
    ({ mappings: { _meta } }) => Number(_meta?.analysis ?? 1) < analysisVersion,
  );
}

/** Makes the indices with their aliases where they are missing, and adds fields that they lack. Safe when several start at once: one makes, the others find. */
export async function ensureIndices(client: Client, namespace: string): Promise<void> {
  await Promise.all(
    searchKinds.map(async (kind) => {
      const alias = aliasOf(namespace, kind);
      if (await client.indices.existsAlias({ name: alias })) {
        await addFields(client, alias, kind);
        return;
      }
      try {
        await createIndex(client, indexOf(namespace, kind, 1), kind, { alias });
      } catch (error) {
        if (errorTypeOf(error) !== 'resource_already_exists_exception') throw error;
      }
    }),
  );
}
