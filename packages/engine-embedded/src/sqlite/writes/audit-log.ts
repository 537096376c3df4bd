import type { AuditRecord } from '@twite/core/admin/audit-log';
import type { WriteContext } from '../write-context.ts';

export function appendAuditEntry(context: WriteContext, entry: AuditRecord): void {
  context.run(
    `INSERT INTO audit_log (entry_id, action, actor_id, subject_id, detail, created_at) VALUES (?, ?, ?, ?, ?, ?)
     ON CONFLICT (entry_id) DO NOTHING`,
    entry.entryId,
    entry.action,
    entry.actorId,
    entry.subjectId,
    entry.detail,
    entry.createdAt,
  );
}
