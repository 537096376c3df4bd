import type { AuditEntry, Page } from '@twite/contract';
import { isoTime } from '../clock.ts';
import type { Deps } from '../engine.ts';
import { fillPage, type PageRequest } from '../page.ts';
import type { AuditRecord } from './audit-log.ts';

/** The actions of moderators and admins, newest first. */
export async function listAuditLog(
  deps: Pick<Deps, 'auditLog' | 'accounts'>,
  page: PageRequest,
): Promise<Page<AuditEntry>> {
  const present = async (entries: readonly AuditRecord[]): Promise<AuditEntry[]> => {
    const accountIds = entries.flatMap(({ actorId, subjectId }) => [actorId ?? [], subjectId].flat());
    const accounts = await deps.accounts.findMany([...new Set(accountIds)]);
    const presentAccount = (accountId: string | null) => {
      const account = accountId === null ? undefined : accounts.get(accountId);
      return account ? { accountId: account.accountId, handle: account.handle } : null;
    };
    return entries.map(({ entryId, action, actorId, subjectId, detail, createdAt }) => ({
      entryId,
      action,
      actor: presentAccount(actorId),
      subject: presentAccount(subjectId),
      subjectId,
      detail,
      createdAt: isoTime(createdAt),
    }));
  };
  return fillPage(page, {
    fetch: (before, limit) => deps.auditLog.list({ before, limit }),
    cursorOf: (entry) => entry.entryId,
    view: present,
  });
}
