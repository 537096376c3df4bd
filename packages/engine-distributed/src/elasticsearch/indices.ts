import type { Client, estypes } from '@elastic/elasticsearch';
import { analysisVersion } from '@twite/core/text/search-words';
import { errorTypeOf } from './client.ts';

export const searchKinds = ['posts', 'accounts'] as const;
export type SearchKind = (typeof searchKinds)[number];

/** The alias that readers and writers use; it points to the index of the newest version. */
export const aliasOf = (namespace: string, kind: SearchKind): string => `${namespace}-${kind}`;
export const indexOf = (namespace: string, kind: SearchKind, version: number): string =>
  `${aliasOf(namespace, kind)}-v${version}`;

export function versionOf(index: string): number {
  const version = /-v([0-9]+)$/.exec(index)?.[1];
  if (version === undefined) throw new Error(`${index} has no version in its name`);
  return Number(version);
}

const keyword: estypes.MappingProperty = { type: 'keyword' };
// Terms longer than Lucene's limit would make the document fail; no real term is as long.
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
      // Absent in documents indexed before media existed: they have none.
      hasMedia: { type: 'boolean' },
      ...tombstone,
    },
  },
  accounts: {
    dynamic: 'strict',
    properties: {
      accountId: keyword,
      handleKey: anyKeyword,
      // Nested, so that accounts can be sorted by their first matching suffix.
      names: { type: 'nested', properties: { suffix: anyKeyword } },
      ...tombstone,
    },
  },
};

// In index order, a search ends once its page is full, however large the index is.
const sorted: Record<SearchKind, estypes.IndicesIndexSettings> = {
  posts: { sort: { field: 'postId', order: 'desc' } },
  accounts: {},
};

/** How soon written documents become searchable. */
export const refreshInterval = '500ms';

/**
 * Creates an index that does not exist yet.
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

/** The index behind each alias; missing where no index exists yet. */
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

/** Adds fields that an index of an older release lacks. Existing documents stay as they are and are not reindexed. */
async function addFields(client: Client, index: string, kind: SearchKind): Promise<void> {
  const wanted = mappings[kind].properties ?? {};
  const found = await client.indices.getMapping({ index });
  const isMissing = Object.values(found).some(({ mappings: { properties = {} } }) =>
    Object.keys(wanted).some((field) => properties[field] === undefined),
  );
  if (isMissing) await client.indices.putMapping({ index, properties: wanted });
}

/**
 * Whether the texts of an index were analysed by an older release. After a rollback, a newer release may have done it.
 */
export async function hasOldAnalysis(client: Client, namespace: string): Promise<boolean> {
  const index = searchKinds.map((kind) => aliasOf(namespace, kind));
  const found = await client.indices.getMapping({ index, ignore_unavailable: true });
  // The first version had no number.
  return Object.values(found).some(
    ({ mappings: { _meta } }) => Number(_meta?.analysis ?? 1) < analysisVersion,
  );
}

/**
 * Creates missing indices with their aliases, and adds missing fields. Safe to run concurrently: one process creates
 * them, the others find them.
 */
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
