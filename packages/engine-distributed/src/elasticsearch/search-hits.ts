import type { Client, estypes } from '@elastic/elasticsearch';
import { errorTypeOf } from './client.ts';

export interface Hit {
  readonly id: string;
  readonly sort: readonly estypes.FieldValue[];
}

/** The ids of what is found; nothing where there is no index. Never only a part of it: what cannot be searched is an error. */
export async function searchIds(
  client: Client,
  alias: string,
  request: estypes.SearchRequest,
): Promise<readonly Hit[]> {
  const search = () =>
    client.search<never>({
      index: alias,
      ignore_unavailable: true,
      allow_partial_search_results: false,
      track_total_hits: false,
      _source: false,
      ...request,
    });
  const { hits } = await search().catch((error: unknown) => {
    // The index went away between the look at the alias and the search: a rebuild put another one there.
    if (isGone(error)) return search();
    throw error;
  });
  return hits.hits.map(({ _id, sort }) => ({ id: _id ?? '', sort: sort ?? [] }));
}

const gone: ReadonlySet<string | undefined> = new Set([
  'index_not_found_exception',
  'shard_not_found_exception',
  'search_phase_execution_exception',
  'no_shard_available_action_exception',
]);

function isGone(error: unknown): boolean {
  return gone.has(errorTypeOf(error));
}
