import { expect } from 'vitest';
import type { SuiteContext } from './suite.ts';
import { newAccount } from './world.ts';

export function expectAccountsByHandles({ fact }: SuiteContext): void {
  fact(
    'accounts are found by many handles at once, each once, whatever their case and status',
    async (world) => {
      const { accounts } = world.engine;
      const handles = [world.word(), world.word(), `${world.word()}_Isi_I`];
      const find = async (...wanted: string[]) => {
        const found = await accounts.findManyByHandle(wanted);
        return found.map(({ accountId }) => accountId).sort();
      };
      expect(await find()).toEqual([]);
      expect(await find(...handles)).toEqual([]);
      const accountIds: string[] = [];
      for (const handle of handles) accountIds.push(await newAccount(world, { handle }));
      expect(await find(...handles)).toEqual(accountIds);
      const [one = '', two = '', three = ''] = handles;
      const [first, second, third] = accountIds;
      expect(await find(three.toUpperCase(), world.word(), '', one, three, `${two}%`)).toEqual([
        first,
        third,
      ]);
      await accounts.setSuspension(second ?? '', { at: world.clock.now(), reason: null });
      expect(await accounts.findManyByHandle([two])).toMatchObject([
        { accountId: second, handle: two, status: 'suspended' },
      ]);
      const many = Array.from({ length: 2_000 }, (_, index) => `${world.word()}${index}`);
      expect(await find(...many, one)).toEqual([first]);
    },
  );
}
