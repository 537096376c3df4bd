import type { AuditRecord } from '@twite/core/admin/audit-log';
import { expect } from 'vitest';
import { hardTexts } from './hard-texts.ts';
import { walkBefore } from './pages.ts';
import type { Suite } from './suite.ts';
import { newAccount, type World } from './world.ts';

function anEntry(world: World, given: Partial<AuditRecord> = {}): AuditRecord {
  return {
    entryId: world.id(),
    action: 'account_suspended',
    actorId: null,
    subjectId: world.id(),
    detail: null,
    createdAt: world.clock.now(),
    ...given,
  };
}

export const auditLogSuite: Suite = ({ fact, factAlone }) => {
  fact('entries are listed newest first, as they were written', async (world) => {
    const { auditLog } = world.engine;
    const actorId = await newAccount(world);
    const entries = [
      anEntry(world),
      anEntry(world, { action: 'account_reinstated', actorId }),
      anEntry(world, { action: 'role_set', actorId, detail: 'moderator' }),
      anEntry(world, { action: 'post_removed', actorId, detail: '' }),
      anEntry(world, { action: 'reply_removed', actorId }),
      anEntry(world, { action: 'messages_replayed', actorId, subjectId: 'fanOut', detail: '3 messages' }),
      anEntry(world, { action: 'messages_dropped', actorId, subjectId: 'jobs' }),
      ...hardTexts.map((detail) => anEntry(world, { detail })),
    ];
    for (const entry of entries) await auditLog.append(entry);
    expect(await auditLog.list({ limit: entries.length })).toEqual(entries.toReversed());
    const [first, second] = entries;
    expect(await auditLog.list({ before: second?.entryId, limit: 1 })).toEqual([first]);
  });

  factAlone('the whole log can be paged through while entries arrive', {}, async (world) => {
    const { auditLog } = world.engine;
    expect(await auditLog.list({ limit: 10 })).toEqual([]);
    const ids: string[] = [];
    for (let i = 0; i < 9; i++) {
      const entry = anEntry(world);
      await auditLog.append(entry);
      ids.push(entry.entryId);
    }
    for (const limit of [1, 2, 4, 9, 100]) {
      const from = ids.at(-1) ?? '';
      const walked = await walkBefore(async ({ before = from, limit: size }) => {
        await auditLog.append(anEntry(world));
        return (await auditLog.list({ before, limit: size })).map((entry) => entry.entryId);
      }, limit);
      expect([from, ...walked]).toEqual(ids.toReversed());
    }
  });
};
