import { Client, errors } from '@elastic/elasticsearch';

export const elasticsearchDeadlineMs = 2_000;

/** Connects when it is first asked. Never retries: those who ask know whether to ask again. */
export const openElasticsearch = (url: string): Client =>
  new Client({ node: url, requestTimeout: elasticsearchDeadlineMs, maxRetries: 0 });

/** It answers, but has no room for more at the moment. */
export class ElasticsearchBusy extends Error {
  constructor(waiting: number) {
    super(`Elasticsearch is too busy to take ${waiting} documents`);
  }
}

// 401 and 403: it refuses us, or all writes, as when its disk is full.
const busyOrAway: ReadonlySet<number | undefined> = new Set([401, 403, 429, 502, 503, 504]);

/** Whether an error says that Elasticsearch is away, refuses us or is overloaded: worth asking again later, as it was asked. */
export const isElasticsearchUnavailable = (error: unknown): boolean =>
  error instanceof ElasticsearchBusy ||
  error instanceof errors.ConnectionError ||
  error instanceof errors.TimeoutError ||
  error instanceof errors.NoLivingConnectionsError ||
  (error instanceof errors.ResponseError && busyOrAway.has(error.statusCode));

/** The type of the error that a request was answered with. */
export function errorTypeOf(error: unknown): string | undefined {
  if (!(error instanceof errors.ResponseError)) return undefined;
  const { body } = error as { body?: { error?: { type?: string } } };
  return body?.error?.type;
}
