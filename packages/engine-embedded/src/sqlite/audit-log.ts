import type { AuditLog, AuditRecord } from '@twite/core/admin/audit-log';
import type { PageBefore } from '@twite/core/keyset';
import { aboveAllIds, type Store } from './store.ts';

export class SqliteAuditLog implements AuditLog {
  readonly #store: Store;

  constructor(store: Store) {
    this.#store = store;
  }

  append(entry: AuditRecord): Promise<void> {
    return this.#store.writer.run('appendAuditEntry', entry);
  }

  async list({ before = aboveAllIds, limit }: PageBefore): Promise<readonly AuditRecord[]> {
    return this.#store.read.all<AuditRecord>(
      `SELECT entry_id AS entryId, action, actor_id AS actorId, subject_id AS subjectId, detail,
         created_at AS createdAt
       FROM audit_log WHERE entry_id < ? ORDER BY entry_id DESC LIMIT ?`,
      before,
      limit,
    );
  }
}
