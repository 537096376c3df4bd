import type { AuditAction } from '@twite/contract';
import type { Deps } from '../engine.ts';

/** The dependencies of every administrative action. `actorId` is null for the operator of the machine. */
export type AuditDeps = Pick<Deps, 'auditLog' | 'clock' | 'ids'>;

/**
 * Records an action after it happened: a crash in between loses the entry, but no entry describes an action that did
 * not happen.
 */
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
