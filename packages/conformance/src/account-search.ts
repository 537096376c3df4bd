import { expect } from 'vitest';
import type { SuiteContext } from './suite.ts';
import { atOnce, type World } from './world.ts';

/** All pages of an account search, with the given page size. */
async function findAll(world: World, text: string, limit = 100): Promise<string[]> {
  await world.settled();
  const found: string[] = [];
  let cursor: string | undefined;
  for (;;) {
    const page = await world.engine.search.searchAccounts(text, { cursor, limit });
    expect(page.accountIds.length).toBeLessThanOrEqual(limit);
    found.push(...page.accountIds);
    if (page.nextCursor === null) return found;
    expect(page.accountIds.length).toBeGreaterThan(0);
    cursor = page.nextCursor;
  }
}

async function index(world: World, handle: string, displayName: string): Promise<string> {
  const accountId = world.id();
  await world.engine.search.indexAccounts([{ accountId, rev: 1, handle, displayName }]);
  return accountId;
}

/** The facts about account search: a part of the suite of the search index. */
export function expectAccountSearch({ fact }: SuiteContext): void {
  fact(
    'accounts are found by the start of their handle, then by the start of a word of their name',
    async (world) => {
      const mark = world.word();
      const byName = await atOnce(3, (i) =>
        index(world, world.word(), `Somebody ${mark.toUpperCase()}ander ${i}`),
      );
      const byHandle = await atOnce(3, (i) => index(world, `${mark}${i}`, 'Nobody'));
      const byBoth = await index(world, `${mark.toUpperCase()}_both`, `${mark} both`);
      await index(world, `not${mark}`, `In${mark} the middle`);
      for (const text of [mark, mark.toUpperCase()]) {
        const found = await findAll(world, text);
        expect(found.slice(0, 4).toSorted()).toEqual([...byHandle, byBoth].toSorted());
        expect(found.slice(4).toSorted()).toEqual(byName.toSorted());
      }
    },
  );

  fact('account search returns pages, with each account once', async (world) => {
    const mark = world.word();
    const byHandle = await atOnce(5, (i) => index(world, `${mark}${i}`, `${mark} ${i}`));
    const byName = await atOnce(4, () => index(world, world.word(), `The ${mark}`));
    const all = await findAll(world, mark);
    expect(all.toSorted()).toEqual([...byHandle, ...byName].toSorted());
    for (const limit of [1, 2, 3, 5, 9, 10]) expect(await findAll(world, mark, limit)).toEqual(all);
  });

  fact('pages of accounts stay stable while accounts arrive', async (world) => {
    const mark = world.word();
    const before = await atOnce(6, (i) => index(world, `${mark}${i}`, mark));
    await world.settled();
    const found: string[] = [];
    let cursor: string | undefined;
    for (let i = 0; ; i++) {
      const page = await world.engine.search.searchAccounts(mark, { cursor, limit: 2 });
      found.push(...page.accountIds);
      if (page.nextCursor === null || i > 20) break;
      cursor = page.nextCursor;
      if (i < 4) await index(world, `${mark}_${i}`, mark);
      await world.settled();
    }
    expect(new Set(found).size).toBe(found.length);
    expect(found).toEqual(expect.arrayContaining(before));
  });

  fact('names are found regardless of case and accents, and by several words', async (world) => {
    const mark = world.word();
    const accountId = await index(world, world.word(), `Éponine ${mark}`);
    for (const text of [
      `eponine ${mark}`,
      `ÉPONINE ${mark.toUpperCase()}`,
      `E\u0301ponine ${mark.slice(0, -1)}`,
    ]) {
      expect(await findAll(world, text)).toEqual([accountId]);
    }
    expect(await findAll(world, `${mark} eponine`)).toEqual([]);
    expect(await findAll(world, 'époni')).toContain(accountId);
  });

  fact('the query has no wildcards', async (world) => {
    const mark = world.word();
    await index(world, `${mark}abc`, `${mark}abc`);
    for (const text of [`${mark}a_c`, `${mark}%`, `${mark}?bc`, `%${mark}`, `${mark}a*`]) {
      const found = await findAll(world, text);
      // An engine that splits the text into words may treat `%` and `*` as spaces, but `_` is a letter of handles.
      if (text.includes('_')) expect(found).toEqual([]);
    }
  });

  fact('a renamed account is found only by its new name, once', async (world) => {
    const [oldName, newName, handle] = [world.word(), world.word(), world.word()];
    const account = { accountId: world.id(), rev: 1, handle, displayName: `The ${oldName}` };
    for (let i = 0; i < 2; i++) await world.engine.search.indexAccounts([account]);
    expect(await findAll(world, oldName)).toEqual([account.accountId]);
    for (let i = 0; i < 2; i++) {
      await world.engine.search.indexAccounts([{ ...account, rev: 2, displayName: newName }]);
    }
    expect(await findAll(world, oldName)).toEqual([]);
    expect(await findAll(world, newName)).toEqual([account.accountId]);
    expect(await findAll(world, handle)).toEqual([account.accountId]);
  });

  fact('a removed account is not found', async (world) => {
    const mark = world.word();
    const kept = await index(world, `${mark}1`, mark);
    const gone = await index(world, `${mark}2`, mark);
    const unknown = world.id();
    for (let i = 0; i < 2; i++) {
      await world.engine.search.removeAccounts([gone, unknown].map((accountId) => ({ accountId, rev: 2 })));
    }
    await world.engine.search.removeAccounts([]);
    await world.engine.search.indexAccounts([]);
    expect(await findAll(world, mark)).toEqual([kept]);
  });

  fact('an older revision of an account changes nothing', async (world) => {
    const { search } = world.engine;
    const [oldName, newName, handle] = [world.word(), world.word(), world.word()];
    const account = (rev: number, displayName: string) => ({ accountId, rev, handle, displayName });
    const accountId = world.id();
    await search.indexAccounts([account(4, newName)]);
    await search.indexAccounts([account(3, oldName)]);
    await search.removeAccounts([{ accountId, rev: 2 }]);
    expect(await findAll(world, newName)).toEqual([accountId]);
    expect(await findAll(world, oldName)).toEqual([]);
    await search.removeAccounts([{ accountId, rev: 6 }]);
    await search.indexAccounts([account(5, oldName)]);
    expect(await findAll(world, handle)).toEqual([]);
    await search.indexAccounts([account(7, newName)]);
    expect(await findAll(world, handle)).toEqual([accountId]);
    expect(await findAll(world, newName)).toEqual([accountId]);
  });

  fact('an account removed before it was indexed stays away', async (world) => {
    const { search } = world.engine;
    const account = { accountId: world.id(), rev: 1, handle: world.word(), displayName: 'Late' };
    await search.removeAccounts([{ accountId: account.accountId, rev: 2 }]);
    await search.indexAccounts([account]);
    expect(await findAll(world, account.handle)).toEqual([]);
  });

  fact('an unused name finds nothing', async (world) => {
    await world.settled();
    expect(await world.engine.search.searchAccounts(world.word(), { limit: 10 })).toEqual({
      accountIds: [],
      nextCursor: null,
    });
  });
}
