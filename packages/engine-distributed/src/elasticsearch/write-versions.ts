import { setTimeout as pause } from 'node:timers/promises';
import type { Client, estypes } from '@elastic/elasticsearch';
import { ElasticsearchBusy, elasticsearchDeadlineMs } from './client.ts';
import type { VersionedDocument } from './search-documents.ts';

/** Documents that the index rejects, and would reject again. */
export class RefusedDocuments extends Error {
  readonly ids: readonly string[];

  constructor(refused: ReadonlyMap<string, string>) {
    const [first = '', reason = ''] = [...refused][0] ?? [];
    super(`Elasticsearch refused ${[...refused.keys()].join(', ')} (${first}: ${reason})`);
    this.ids = [...refused.keys()];
  }
}

/** The alias does not exist: it was not created yet, or it was erased. */
export class NoSuchIndex extends Error {}

interface WriteOptions {
  /** False to write to an index by its own name. */
  readonly isAlias?: boolean;
  readonly requestTimeoutMs?: number;
}

const documentsAtOnce = 500;
const attemptsMax = 5;
const firstPauseMs = 50;

/**
 * Writes documents unless the index has them at the same version or a newer one. Documents that the index has no room
 * for at the moment are retried a few times.
 * @throws RefusedDocuments when all others are written; ElasticsearchBusy; NoSuchIndex
 */
export async function writeVersions(
  client: Client,
  index: string,
  documents: readonly VersionedDocument[],
  options: WriteOptions = {},
): Promise<void> {
  const refused = new Map<string, string>();
  for (let start = 0; start < documents.length; start += documentsAtOnce) {
    let waiting: readonly VersionedDocument[] = documents.slice(start, start + documentsAtOnce);
    for (let attempt = 1; waiting.length > 0; attempt++) {
      if (attempt > attemptsMax) throw new ElasticsearchBusy(waiting.length);
      if (attempt > 1) await pause(Math.random() * firstPauseMs * 2 ** (attempt - 1));
      waiting = await writeOnce(client, index, waiting, options, refused);
    }
  }
  if (refused.size > 0) throw new RefusedDocuments(refused);
}

/** Makes one request. Returns the documents to retry. */
async function writeOnce(
  client: Client,
  index: string,
  documents: readonly VersionedDocument[],
  { isAlias = true, requestTimeoutMs = elasticsearchDeadlineMs }: WriteOptions,
  refused: Map<string, string>,
): Promise<readonly VersionedDocument[]> {
  const operations = documents.flatMap(({ id, version, document }) => [
    { index: { _id: id, version, version_type: 'external' as const } },
    document,
  ]);
  // Without `require_alias`, a missing index would be created with mappings guessed from the first document.
  const { items, errors } = await client.bulk(
    { index, operations, require_alias: isAlias },
    { requestTimeout: requestTimeoutMs },
  );
  if (!errors) return [];
  return documents.filter((document, place) => isToRetry(document, items[place]?.index, refused));
}

function isToRetry(
  { id }: VersionedDocument,
  result: estypes.BulkResponseItem | undefined,
  refused: Map<string, string>,
): boolean {
  const status = result?.status ?? 0;
  if (status < 300 && status > 0) return false;
  // The index already has this version or a newer one, as desired.
  if (status === 409) return false;
  if (status === 403 || status === 429 || status === 503) return true;
  const type = result?.error?.type ?? `status ${status}`;
  if (type === 'index_not_found_exception') throw new NoSuchIndex(result?.error?.reason ?? type);
  refused.set(id, `${type}: ${result?.error?.reason ?? 'no reason'}`);
  return false;
}
