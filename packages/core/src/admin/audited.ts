import type { AuditAction } from '@twite/contract';
import type { Deps } from '../engine.ts';

/** What every act of an administrator needs. `actorId` null: the operator of the machine. */
export type AuditDeps = Pick<Deps, 'auditLog' | 'clock' | 'ids'>;

/** Writes down what was done. After the act: a crash in between loses the entry, never the act that an entry claims. */
export async function writeAudit(
  deps: AuditDeps,
  actorId: string | null,
  action: AuditAction,
  subjectId: string,
  detail: string | null = null,
): Promise<void> {
  const createdAt = deps.clock.now();
  await deps.auditLog.append({ entryId: deps.ids.next(), action, actorId, subjectId, detail, createdAt });
}
