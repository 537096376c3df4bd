import { randomUUID } from 'node:crypto';
import { type Client, errors } from '@elastic/elasticsearch';
import { errorTypeOf } from './client.ts';

/** Another process is rebuilding the index. */
export class RebuildUnderWay extends Error {
  constructor() {
    super('another rebuild of the search index is under way; when it was killed, try again in a minute');
  }
}

/** A lease that the rebuilding process holds. */
export interface RebuildLock extends AsyncDisposable {
  /**
   * Renews the lease. Call it between the steps of a rebuild.
   * @throws RebuildUnderWay when another process took over because this one did not renew for a minute.
   */
  hold(): Promise<void>;
}

interface LockDocument {
  readonly owner: string;
  readonly heldAt: number;
}

const staleMs = 60_000;
const saidAgainMs = 5_000;
const lockId = 'lock';

export const lockIndexOf = (namespace: string): string => `${namespace}-rebuild`;

const isConflict = (error: unknown): boolean =>
  error instanceof errors.ResponseError && error.statusCode === 409;

/** @throws RebuildUnderWay */
export async function takeRebuildLock(client: Client, namespace: string): Promise<RebuildLock> {
  const index = lockIndexOf(namespace);
  const owner = randomUUID();
  await makeLockIndex(client, index);

  const write = async (over: { seqNo: number; term: number } | undefined) => {
    const document: LockDocument = { owner, heldAt: Date.now() };
    const condition =
      over === undefined
        ? { op_type: 'create' as const }
        : { if_seq_no: over.seqNo, if_primary_term: over.term };
    const written = await client.index({ index, id: lockId, document, ...condition });
    return { seqNo: written._seq_no ?? 0, term: written._primary_term ?? 0, heldAt: document.heldAt };
  };
  const writeOrGiveUp = (over: { seqNo: number; term: number } | undefined) =>
    write(over).catch((error: unknown) => {
      throw isConflict(error) ? new RebuildUnderWay() : error;
    });

  const found = await client.get<LockDocument>({ index, id: lockId }, { ignore: [404] });
  const heldAt = found.found ? (found._source?.heldAt ?? 0) : undefined;
  if (heldAt !== undefined && heldAt > Date.now() - staleMs) throw new RebuildUnderWay();
  let mine = await writeOrGiveUp(
    found.found ? { seqNo: found._seq_no ?? 0, term: found._primary_term ?? 0 } : undefined,
  );

  return {
    async hold() {
      if (Date.now() - mine.heldAt < saidAgainMs) return;
      mine = await writeOrGiveUp(mine);
    },
    async [Symbol.asyncDispose]() {
      await client
        .delete(
          { index, id: lockId, if_seq_no: mine.seqNo, if_primary_term: mine.term },
          { ignore: [404, 409] },
        )
        // The lease expires in a minute anyway, and the rebuild's outcome is worth more than this error.
        .catch(() => {});
    },
  };
}

async function makeLockIndex(client: Client, index: string): Promise<void> {
  if (await client.indices.exists({ index })) return;
  try {
    await client.indices.create(
      {
        index,
        settings: { number_of_shards: 1, auto_expand_replicas: '0-1' },
        mappings: { dynamic: 'strict', properties: { owner: { type: 'keyword' }, heldAt: { type: 'long' } } },
      },
      { requestTimeout: 30_000 },
    );
  } catch (error) {
    if (errorTypeOf(error) !== 'resource_already_exists_exception') throw error;
  }
}
