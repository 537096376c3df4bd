import type { AuditEntry, Page } from '@twite/contract';
import { isoTime } from '../clock.ts';
import type { Deps } from '../engine.ts';
import { fillPage, type PageRequest } from '../page.ts';
import type { AuditRecord } from './audit-log.ts';

/** What moderators and admins did, newest first. */
export async function listAuditLog(
  deps: Pick<Deps, 'auditLog' | 'accounts'>,
  page: PageRequest,
): Promise<Page<AuditEntry>> {
  const present = async (entries: readonly AuditRecord[]): Promise<AuditEntry[]> => {
    const actorIds = entries.flatMap((entry) => entry.actorId ?? []);
    const actors = await deps.accounts.findMany([...new Set(actorIds)]);
    return entries.map(({ entryId, action, actorId, subjectId, detail, createdAt }) => {
      const actor = actorId === null ? undefined : actors.get(actorId);
      return {
        entryId,
        action,
        actor: actor ? { accountId: actor.accountId, handle: actor.handle } : null,
        subjectId,
        detail,
        createdAt: isoTime(createdAt),
      };
    });
  };
  return fillPage(page, {
    fetch: (before, limit) => deps.auditLog.list({ before, limit }),
    cursorOf: (entry) => entry.entryId,
    view: present,
  });
}
