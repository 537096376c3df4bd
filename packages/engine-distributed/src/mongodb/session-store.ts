import type { Invalidation } from '@twite/core/caching/invalidation';
import type { PageBefore } from '@twite/core/keyset';
import type { SessionRecord, SessionRotation, SessionStore } from '@twite/core/sessions/session-store';
import { deleteInBatches } from './delete-in-batches.ts';
import type { SessionDoc } from './documents.ts';
import type { MongoContext } from './mongo-context.ts';
import { aboveAllIds, bounded } from './reads.ts';
import { replaceById } from './replace-by-id.ts';

const hashOnly = { accessHash: 1 } as const;

export class MongoSessionStore implements SessionStore {
  readonly #context: MongoContext;

  constructor(context: MongoContext) {
    this.#context = context;
  }

  async insert({ sessionId, ...fields }: SessionRecord): Promise<void> {
    const before = await replaceById(this.#context.collections.sessions, sessionId, fields, 'accessHash');
    await this.#invalidate([before?.accessHash, fields.accessHash]);
  }

  async findByAccessHash(accessHash: string): Promise<SessionRecord | undefined> {
    const document = await this.#context.collections.sessions.findOne({ accessHash }, bounded);
    return document === null ? undefined : toRecord(document);
  }

  async find(sessionId: string): Promise<SessionRecord | undefined> {
    const document = await this.#context.collections.sessions.findOne({ _id: sessionId }, bounded);
    return document === null ? undefined : toRecord(document);
  }

  async rotate(sessionId: string, fromGeneration: number, rotation: SessionRotation): Promise<boolean> {
    const before = await this.#context.collections.sessions.findOneAndUpdate(
      { _id: sessionId, generation: fromGeneration },
      { $set: rotation },
      { returnDocument: 'before', projection: hashOnly },
    );
    if (before === null) return false;
    await this.#invalidate([before.accessHash, rotation.accessHash]);
    return true;
  }

  async listByAccount(
    accountId: string,
    { before = aboveAllIds, limit }: PageBefore,
  ): Promise<readonly SessionRecord[]> {
    const found = await this.#context.collections.sessions
      .find({ accountId, _id: { $lt: before } }, bounded)
      .sort({ _id: -1 })
      .limit(limit)
      .toArray();
    return found.map(toRecord);
  }

  async delete(sessionId: string): Promise<boolean> {
    const deleted = await this.#context.collections.sessions.findOneAndDelete(
      { _id: sessionId },
      { projection: hashOnly },
    );
    if (deleted === null) return false;
    await this.#invalidate([deleted.accessHash]);
    return true;
  }

  async deleteByAccount(accountId: string, exceptSessionId?: string): Promise<number> {
    const found = await this.#context.collections.sessions
      .find({ accountId }, { ...bounded, projection: { _id: 1 } })
      .toArray();
    const ended = found.filter(({ _id }) => _id !== exceptSessionId);
    // One by one, so that an access token issued by a concurrent rotation is invalidated too.
    const deleted = await Promise.all(ended.map(({ _id }) => this.delete(_id)));
    return deleted.filter(Boolean).length;
  }

  deleteExpired(before: number): Promise<number> {
    const expired = { refreshExpiresAt: { $lt: before } };
    return deleteInBatches(this.#context.collections.sessions, expired, {
      projection: hashOnly,
      onDeleted: (batch) => this.#invalidate(batch.map(({ accessHash }) => accessHash)),
    });
  }

  #invalidate(accessHashes: readonly (string | undefined)[]): Promise<void> {
    const invalidations = accessHashes.flatMap((hash): Invalidation[] =>
      hash === undefined ? [] : [['sessions', hash]],
    );
    return this.#context.invalidate(invalidations);
  }
}

const toRecord = ({ _id, ...fields }: SessionDoc): SessionRecord =>
  Object.freeze({ sessionId: _id, ...fields });
