import type { AuditLog, AuditRecord } from '@twite/core/admin/audit-log';
import type { PageBefore } from '@twite/core/keyset';
import { insertedNew } from './errors.ts';
import type { MongoContext } from './mongo-context.ts';
import { aboveAllIds, bounded } from './reads.ts';

export class MongoAuditLog implements AuditLog {
  readonly #context: Pick<MongoContext, 'collections'>;

  constructor(context: Pick<MongoContext, 'collections'>) {
    this.#context = context;
  }

  async append({ entryId, ...fields }: AuditRecord): Promise<void> {
    await insertedNew(this.#context.collections.auditLog.insertOne({ _id: entryId, ...fields }));
  }

  async list({ before = aboveAllIds, limit }: PageBefore): Promise<readonly AuditRecord[]> {
    const found = await this.#context.collections.auditLog
      .find({ _id: { $lt: before } }, bounded)
      .sort({ _id: -1 })
      .limit(limit)
      .toArray();
    return found.map(({ _id, ...fields }) => ({ entryId: _id, ...fields }));
  }
}
