import { type Client, errors, type estypes } from '@elastic/elasticsearch';

export interface Hit {
  readonly id: string;
  readonly sort: readonly estypes.FieldValue[];
}

export interface SearchOptions {
  /** In milliseconds; defaults to that of the client. */
  readonly requestTimeout?: number;
}

/**
 * The ids of the matches; empty when there is no index. Never a partial result: if a part cannot be searched, that is
 * an error.
 */
export async function searchIds(
  client: Client,
  alias: string,
  request: estypes.SearchRequest,
  { requestTimeout }: SearchOptions = {},
): Promise<readonly Hit[]> {
  const search = () =>
    client.search<never>(
      {
        index: alias,
        ignore_unavailable: true,
        allow_partial_search_results: false,
        track_total_hits: false,
        _source: false,
        ...request,
      },
      requestTimeout === undefined ? {} : { requestTimeout },
    );
  const { hits } = await search().catch((error: unknown) => {
    // A rebuild switched to another index between the lookup of the alias and the search.
    if (error instanceof errors.ResponseError && error.statusCode === 404) return search();
    throw error;
  });
  return hits.hits.map(({ _id, sort }) => ({ id: _id ?? '', sort: sort ?? [] }));
}
