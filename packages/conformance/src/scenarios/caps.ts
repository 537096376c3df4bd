import { blockAccount } from '@twite/core/blocks/block-account';
import { unblockAccount } from '@twite/core/blocks/unblock-account';
import { followAccount } from '@twite/core/follows/follow-account';
import { unfollowAccount } from '@twite/core/follows/unfollow-account';
import { muteAccount } from '@twite/core/mutes/mute-account';
import { unmuteAccount } from '@twite/core/mutes/unmute-account';
import { openSession } from '@twite/core/sessions/open-session';
import { createToken } from '@twite/core/tokens/create-token';
import { expect, it } from 'vitest';
import type { EngineUnderTest } from '../suite.ts';
import { openSociety, type StartWorkers } from './society.ts';

const settings = {
  sessionsPerAccountMax: 3,
  tokensPerAccountMax: 3,
  followsPerAccountMax: 2,
  blocksPerAccountMax: 2,
  mutesPerAccountMax: 2,
};

/** Limits on what an account may hold. */
export function caps(underTest: EngineUnderTest, startWorkers: StartWorkers): void {
  it('a session beyond the cap ends the least recently used ones', async () => {
    await using society = await openSociety(underTest, startWorkers, settings);
    const { deps } = society;
    const { accountId } = await society.join('ann');
    const other = await openSession(deps, (await society.join('bob')).accountId, null);
    const held = async () => {
      const sessions = await deps.sessions.listByAccount(accountId, { limit: 100 });
      return sessions.map(({ sessionId }) => sessionId).sort();
    };
    const opened: string[] = [];
    for (let n = 0; n < 3; n++) opened.push((await openSession(deps, accountId, null)).sessionId);
    const [oldest = '', second = '', third = ''] = opened;
    // The oldest is used again, so the second is next.
    const later = deps.clock.now() + 60_000;
    await deps.sessions.rotate(oldest, 0, {
      ...{ accessHash: `another ${oldest}`, accessExpiresAt: later, generation: 1, rotatedAt: later },
      ...{
        refreshHash: 'another',
        refreshExpiresAt: later * 2,
        previousRefreshHash: null,
        successorSalt: null,
      },
    });
    const fourth = (await openSession(deps, accountId, null)).sessionId;
    expect(await held()).toEqual([oldest, third, fourth]);
    expect(await deps.sessions.find(second)).toBeUndefined();

    // An account from before the cap existed.
    const more = { ...deps, settings: { ...deps.settings, sessionsPerAccountMax: 40 } };
    for (let n = 0; n < 30; n++) await openSession(more, accountId, null);
    for (let n = 0; n < 3; n++) await openSession(deps, accountId, null);
    expect(await held()).toHaveLength(3);
    expect(await deps.sessions.find(other.sessionId)).toBeDefined();
  });

  it.each([
    ['follow', followAccount, unfollowAccount],
    ['block', blockAccount, unblockAccount],
    ['mute', muteAccount, unmuteAccount],
  ])('one %s beyond the cap is refused, until another one ends', async (name, act, takeBack) => {
    await using society = await openSociety(underTest, startWorkers, settings);
    const { deps } = society;
    const { accountId: ann } = await society.join('ann');
    const [bob, carol, dora] = [
      (await society.join('bob')).accountId,
      (await society.join('carol')).accountId,
      (await society.join('dora')).accountId,
    ];
    await act(deps, ann, bob);
    await act(deps, ann, carol);
    await society.settled();
    await expect(act(deps, ann, dora)).rejects.toMatchObject({ code: `too_many_${name}s` });
    // Repeating an existing one does not exceed the cap.
    await act(deps, ann, bob);
    // Others have caps of their own.
    await act(deps, dora, carol);
    await takeBack(deps, ann, bob);
    await society.settled();
    await act(deps, ann, dora);
  });

  it('a token beyond the cap is refused until another one is deleted or expires', async () => {
    await using society = await openSociety(underTest, startWorkers, settings);
    const { accountId } = await society.join('ann');
    const passwords = { hash: async () => '', verify: async () => true };
    const deps = { ...society.deps, passwords };
    const account = (await deps.accounts.findMany([accountId])).get(accountId);
    if (!account) throw new Error('She is there.');
    const { sessionId } = await openSession(deps, accountId, null);
    const create = (more: { expiresAt?: string; tokenId?: string } = {}) =>
      createToken(
        deps,
        { account, sessionId },
        { tokenId: deps.ids.next(), name: 'bot', password: '', scopes: ['read'], ...more },
      );
    const ends = deps.clock.now() + 60_000;
    const [first] = [
      await create(),
      await create(),
      await create({ expiresAt: new Date(ends).toISOString() }),
    ];
    await expect(create()).rejects.toMatchObject({ code: 'too_many_tokens' });
    // A retry returns the same one again.
    const tokenId = first?.token.tokenId ?? '';
    expect((await create({ tokenId })).token.tokenId).toBe(tokenId);
    await deps.tokens.delete(accountId, tokenId);
    await create();
    await expect(create()).rejects.toMatchObject({ code: 'too_many_tokens' });
    const later = { ...deps, clock: { ...deps.clock, now: () => ends } };
    const input = { tokenId: deps.ids.next(), name: 'late', password: '', scopes: ['read'] as const };
    await createToken(later, { account, sessionId }, input);
    expect(await deps.tokens.listByAccount(accountId, { limit: 10 })).toHaveLength(3);
  });
}
