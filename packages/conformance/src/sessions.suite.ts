import type { SessionRecord, SessionRotation } from '@twite/core/sessions/session-store';
import { expect } from 'vitest';
import { expectPagesBefore } from './pages.ts';
import type { Suite } from './suite.ts';
import { atOnce, newAccount, people, type World } from './world.ts';

function aSession(world: World, accountId: string, given: Partial<SessionRecord> = {}): SessionRecord {
  const now = world.clock.now();
  const sessionId = world.id();
  return {
    sessionId,
    accountId,
    accessHash: `access-${sessionId}`,
    accessExpiresAt: now + 900_000,
    refreshHash: `refresh-${sessionId}`,
    refreshExpiresAt: now + 86_400_000,
    generation: 0,
    tagKey: 'dGFnIGtleQ',
    previousRefreshHash: null,
    successorSalt: null,
    rotatedAt: now,
    createdAt: now,
    userAgent: null,
    ...given,
  };
}

function aRotation(session: SessionRecord, name: string): SessionRotation {
  return {
    accessHash: `access-${name}-${session.sessionId}`,
    accessExpiresAt: session.accessExpiresAt + 1_000,
    refreshHash: `refresh-${name}-${session.sessionId}`,
    refreshExpiresAt: session.refreshExpiresAt + 1_000,
    generation: session.generation + 1,
    previousRefreshHash: session.refreshHash,
    successorSalt: `salt-${name}`,
    rotatedAt: session.rotatedAt + 1_000,
  };
}

export const sessionsSuite: Suite = ({ fact, factAlone }) => {
  fact('a session is found by its id and by its access token', async (world) => {
    const { sessions } = world.engine;
    const accountId = await newAccount(world);
    for (const userAgent of [null, 'curl/8', 'Ünïcode 👍\u2028']) {
      const session = aSession(world, accountId, { userAgent });
      await sessions.insert(session);
      expect(await sessions.find(session.sessionId)).toEqual(session);
      expect(await sessions.findByAccessHash(session.accessHash)).toEqual(session);
    }
    expect(await sessions.find(world.id())).toBeUndefined();
    expect(await sessions.findByAccessHash('access-unknown')).toBeUndefined();
  });

  fact('inserting a session again replaces it and its tokens', async (world) => {
    const { sessions } = world.engine;
    const session = aSession(world, await newAccount(world));
    await sessions.insert(session);
    await sessions.insert(session);
    const next = {
      ...session,
      accessHash: `other-${session.sessionId}`,
      refreshHash: 'other',
      generation: 3,
    };
    await sessions.insert(next);
    expect(await sessions.find(session.sessionId)).toEqual(next);
    expect(await sessions.findByAccessHash(next.accessHash)).toEqual(next);
    expect(await sessions.findByAccessHash(session.accessHash)).toBeUndefined();
    expect(await sessions.listByAccount(session.accountId, { limit: 10 })).toEqual([next]);
  });

  fact('a rotation replaces the tokens once', async (world) => {
    const { sessions } = world.engine;
    const session = aSession(world, await newAccount(world), { userAgent: 'x' });
    await sessions.insert(session);
    const rotation = aRotation(session, 'one');
    expect(await sessions.rotate(session.sessionId, 0, rotation)).toBe(true);
    expect(await sessions.rotate(session.sessionId, 0, rotation)).toBe(false);
    expect(await sessions.rotate(session.sessionId, 0, aRotation(session, 'two'))).toBe(false);
    const rotated = { ...session, ...rotation };
    expect(await sessions.find(session.sessionId)).toEqual(rotated);
    expect(await sessions.findByAccessHash(rotation.accessHash)).toEqual(rotated);
    expect(await sessions.findByAccessHash(session.accessHash)).toBeUndefined();
    expect(await sessions.rotate(session.sessionId, 1, aRotation(rotated, 'three'))).toBe(true);
    expect((await sessions.find(session.sessionId))?.generation).toBe(2);
  });

  fact('a rotation can end the grace period of the previous token', async (world) => {
    const { sessions } = world.engine;
    const session = aSession(world, await newAccount(world), {
      previousRefreshHash: 'old',
      successorSalt: 'salt',
    });
    await sessions.insert(session);
    const rotation = { ...aRotation(session, 'one'), previousRefreshHash: null, successorSalt: null };
    expect(await sessions.rotate(session.sessionId, 0, rotation)).toBe(true);
    expect(await sessions.find(session.sessionId)).toEqual({ ...session, ...rotation });
  });

  fact('of twenty concurrent rotations of one generation, one wins', async (world) => {
    const { sessions } = world.engine;
    const session = aSession(world, await newAccount(world));
    await sessions.insert(session);
    const rotations = Array.from({ length: 20 }, (_, i) => aRotation(session, `r${i}`));
    const results = await Promise.all(
      rotations.map((rotation) => sessions.rotate(session.sessionId, 0, rotation)),
    );
    expect(results.filter(Boolean)).toHaveLength(1);
    const winner = rotations[results.indexOf(true)];
    expect(await sessions.find(session.sessionId)).toEqual({ ...session, ...winner });
    for (const rotation of rotations) {
      const found = await sessions.findByAccessHash(rotation.accessHash);
      expect(found !== undefined).toBe(rotation === winner);
    }
  });

  fact('a deleted session cannot be rotated or deleted', async (world) => {
    const { sessions } = world.engine;
    const session = aSession(world, await newAccount(world));
    await sessions.insert(session);
    expect(await sessions.delete(session.sessionId)).toBe(true);
    expect(await sessions.delete(session.sessionId)).toBe(false);
    expect(await sessions.rotate(session.sessionId, 0, aRotation(session, 'one'))).toBe(false);
    expect(await sessions.find(session.sessionId)).toBeUndefined();
    expect(await sessions.findByAccessHash(session.accessHash)).toBeUndefined();
    expect(await sessions.findByAccessHash(aRotation(session, 'one').accessHash)).toBeUndefined();
  });

  fact('a concurrent rotation and deletion leave no session', async (world) => {
    const { sessions } = world.engine;
    const accountId = await newAccount(world);
    await atOnce(10, async (i) => {
      const session = aSession(world, accountId);
      await sessions.insert(session);
      const rotation = aRotation(session, 'one');
      const rotate = () => sessions.rotate(session.sessionId, 0, rotation);
      const erase = () => sessions.deleteByAccount(accountId);
      await Promise.all(i % 2 === 0 ? [rotate(), erase()] : [erase(), rotate()]);
      expect(await sessions.find(session.sessionId)).toBeUndefined();
      expect(await sessions.findByAccessHash(rotation.accessHash)).toBeUndefined();
    });
  });

  fact(
    'the sessions of an account come newest first, in pages that stay stable while sessions arrive',
    async (world) => {
      await expectPagesBefore(async () => {
        const { alice, bob } = await people(world, 'alice', 'bob');
        await world.engine.sessions.insert(aSession(world, bob));
        return {
          async add() {
            const session = aSession(world, alice);
            await world.engine.sessions.insert(session);
            return session.sessionId;
          },
          list: async (page) =>
            (await world.engine.sessions.listByAccount(alice, page)).map((session) => session.sessionId),
        };
      });
    },
  );

  fact('all sessions of an account except one can be ended', async (world) => {
    const { sessions } = world.engine;
    const { alice, bob } = await people(world, 'alice', 'bob');
    const mine = await atOnce(4, async () => {
      const session = aSession(world, alice);
      await sessions.insert(session);
      return session;
    });
    const other = aSession(world, bob);
    await sessions.insert(other);
    const [kept, ended] = mine;
    expect(await sessions.deleteByAccount(alice, kept?.sessionId)).toBe(3);
    expect(await sessions.deleteByAccount(alice, kept?.sessionId)).toBe(0);
    expect(await sessions.listByAccount(alice, { limit: 10 })).toEqual([kept]);
    expect(await sessions.findByAccessHash(ended?.accessHash ?? '')).toBeUndefined();
    expect(await sessions.deleteByAccount(alice, other.sessionId)).toBe(1);
    expect(await sessions.deleteByAccount(alice)).toBe(0);
    expect(await sessions.find(other.sessionId)).toEqual(other);
    expect(await sessions.deleteByAccount(bob)).toBe(1);
    expect(await sessions.find(other.sessionId)).toBeUndefined();
  });

  factAlone('sessions with an expired refresh token are erased, others are kept', {}, async (world) => {
    const { sessions } = world.engine;
    const accountId = await newAccount(world);
    const now = world.clock.now();
    const ended = aSession(world, accountId, { refreshExpiresAt: now - 1, accessExpiresAt: now + 1_000 });
    const going = aSession(world, accountId, { refreshExpiresAt: now + 1, accessExpiresAt: now - 1 });
    for (const session of [ended, going]) await sessions.insert(session);
    expect(await sessions.deleteExpired(now)).toBe(1);
    expect(await sessions.deleteExpired(now)).toBe(0);
    expect(await sessions.listByAccount(accountId, { limit: 10 })).toEqual([going]);
    expect(await sessions.findByAccessHash(ended.accessHash)).toBeUndefined();
  });
};
