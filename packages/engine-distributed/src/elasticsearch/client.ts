import { Client, errors } from '@elastic/elasticsearch';

export const elasticsearchDeadlineMs = 2_000;

/** Connects on the first request. Never retries: the callers know whether to retry. */
export const openElasticsearch = (url: string): Client =>
  new Client({ node: url, requestTimeout: elasticsearchDeadlineMs, maxRetries: 0 });

/** Elasticsearch answers, but has no room for more at the moment. */
export class ElasticsearchBusy extends Error {
  constructor(waiting: number) {
    super(`Elasticsearch is too busy to take ${waiting} documents`);
  }
}

// 401 and 403: Elasticsearch rejects Twite, or all writes, for example when its disk is full.
const busyOrAway: ReadonlySet<number | undefined> = new Set([401, 403, 429, 502, 503, 504]);

/**
 * Whether an error means that Elasticsearch is unavailable, rejects Twite or is overloaded: the same request is worth a
 * retry later.
 */
export const isElasticsearchUnavailable = (error: unknown): boolean =>
  error instanceof ElasticsearchBusy ||
  error instanceof errors.ConnectionError ||
  error instanceof errors.TimeoutError ||
  error instanceof errors.NoLivingConnectionsError ||
  (error instanceof errors.ResponseError && busyOrAway.has(error.statusCode));

/** The type of the error in a response. */
export function errorTypeOf(error: unknown): string | undefined {
  if (!(error instanceof errors.ResponseError)) return undefined;
  const { body } = error as { body?: { error?: { type?: string } } };
  return body?.error?.type;
}
