import type { TokenRecord } from '@twite/core/tokens/token-store';
import { expect } from 'vitest';
import { hardTexts } from './hard-texts.ts';
import { expectPagesBefore } from './pages.ts';
import type { Suite } from './suite.ts';
import { atOnce, newAccount, people, type World } from './world.ts';

function aToken(world: World, accountId: string, given: Partial<TokenRecord> = {}): TokenRecord {
  const tokenId = world.id();
  return {
    tokenId,
    accountId,
    name: 'ci',
    scopes: ['read'],
    secretHash: `secret-${tokenId}`,
    createdAt: world.clock.now(),
    expiresAt: null,
    ...given,
  };
}

export const tokensSuite: Suite = ({ fact, factAlone }) => {
  fact('a token is found unchanged by its secret', async (world) => {
    const { tokens } = world.engine;
    const accountId = await newAccount(world);
    const written = [
      aToken(world, accountId, { scopes: ['read', 'write', 'admin'], expiresAt: world.clock.now() + 1 }),
      aToken(world, accountId, { scopes: [] }),
      ...hardTexts.map((name) => aToken(world, accountId, { name })),
    ];
    for (const token of written) {
      await tokens.insert(token);
      expect(await tokens.findBySecretHash(token.secretHash)).toEqual(token);
    }
    expect(await tokens.findBySecretHash('secret-unknown')).toBeUndefined();
  });

  fact('inserting a token again replaces it and its secret', async (world) => {
    const { tokens } = world.engine;
    const token = aToken(world, await newAccount(world));
    await tokens.insert(token);
    await tokens.insert(token);
    const next: TokenRecord = {
      ...token,
      secretHash: `other-${token.tokenId}`,
      name: 'new',
      scopes: ['write'],
    };
    await tokens.insert(next);
    expect(await tokens.findBySecretHash(next.secretHash)).toEqual(next);
    expect(await tokens.findBySecretHash(token.secretHash)).toBeUndefined();
    expect(await tokens.listByAccount(token.accountId, { limit: 10 })).toEqual([next]);
  });

  fact(
    'the tokens of an account come newest first, in pages that stay stable while tokens arrive',
    async (world) => {
      await expectPagesBefore(async () => {
        const { alice, bob } = await people(world, 'alice', 'bob');
        await world.engine.tokens.insert(aToken(world, bob));
        return {
          async add() {
            const token = aToken(world, alice);
            await world.engine.tokens.insert(token);
            return token.tokenId;
          },
          list: async (page) =>
            (await world.engine.tokens.listByAccount(alice, page)).map((token) => token.tokenId),
        };
      });
    },
  );

  fact('only its owner can delete a token', async (world) => {
    const { tokens } = world.engine;
    const { alice, bob } = await people(world, 'alice', 'bob');
    const token = aToken(world, alice);
    await tokens.insert(token);
    expect(await tokens.delete(bob, token.tokenId)).toBe(false);
    expect(await tokens.findBySecretHash(token.secretHash)).toEqual(token);
    expect(await tokens.delete(alice, token.tokenId)).toBe(true);
    expect(await tokens.delete(alice, token.tokenId)).toBe(false);
    expect(await tokens.findBySecretHash(token.secretHash)).toBeUndefined();
    expect(await tokens.listByAccount(alice, { limit: 10 })).toEqual([]);
  });

  fact('all tokens of an account can be deleted', async (world) => {
    const { tokens } = world.engine;
    const { alice, bob } = await people(world, 'alice', 'bob');
    await atOnce(3, () => tokens.insert(aToken(world, alice)));
    const kept = aToken(world, bob);
    await tokens.insert(kept);
    expect(await tokens.deleteByAccount(alice)).toBe(3);
    expect(await tokens.deleteByAccount(alice)).toBe(0);
    expect(await tokens.listByAccount(alice, { limit: 10 })).toEqual([]);
    expect(await tokens.findBySecretHash(kept.secretHash)).toEqual(kept);
  });

  factAlone('expired tokens are erased, others are kept', {}, async (world) => {
    const { tokens } = world.engine;
    const accountId = await newAccount(world);
    const now = world.clock.now();
    const ended = aToken(world, accountId, { expiresAt: now - 1 });
    const going = aToken(world, accountId, { expiresAt: now });
    const endless = aToken(world, accountId);
    for (const token of [ended, going, endless]) await tokens.insert(token);
    // So that a cache holds it.
    expect(await tokens.findBySecretHash(ended.secretHash)).toEqual(ended);
    expect(await tokens.deleteExpired(now)).toBe(1);
    expect(await tokens.deleteExpired(now)).toBe(0);
    expect(await tokens.findBySecretHash(ended.secretHash)).toBeUndefined();
    expect(await tokens.listByAccount(accountId, { limit: 10 })).toEqual([endless, going]);
  });
};
