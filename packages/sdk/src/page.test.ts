import { describe, expect, it } from 'vitest';
import { createTwite, NotFoundError, TwiteError } from './index.ts';
import { type Behaviour, problem, scriptedServer } from './testing/scripted-server.ts';

const pages: Readonly<Record<string, unknown>> = {
  first: { items: [{ accountId: '1' }, { accountId: '2' }], nextCursor: 'b' },
  b: { items: [], nextCursor: 'c' },
  c: { items: [{ accountId: '3' }], nextCursor: null },
};

const script = ({ target }: { target: string }): Behaviour => ({
  status: 200,
  json: pages[new URL(target, 'http://x').searchParams.get('cursor') ?? 'first'],
});

const collect = async <T>(list: AsyncIterable<T>): Promise<T[]> => {
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return items;
};

describe('a list', () => {
  it('returns its first page when awaited, with a single request', async () => {
    await using server = await scriptedServer(script);
    const list = createTwite({ baseUrl: server.baseUrl }).accounts.listFollowers({
      accountId: '9',
      limit: 2,
    });
    expect(server.received).toEqual([]);
    expect(await list).toEqual(pages.first);
    expect(await Promise.all([list, list.then((page) => page.nextCursor)])).toEqual([pages.first, 'b']);
    expect(server.received.map(({ target }) => target)).toEqual(['/v1/accounts/9/followers?limit=2']);
  });

  it('yields all items of all pages when iterated, including across empty pages', async () => {
    await using server = await scriptedServer(script);
    const list = createTwite({ baseUrl: server.baseUrl }).accounts.listFollowers({
      accountId: '9',
      limit: 2,
    });
    expect((await collect(list)).map(({ accountId }) => accountId)).toEqual(['1', '2', '3']);
    expect(server.received.map(({ target }) => target)).toEqual([
      '/v1/accounts/9/followers?limit=2',
      '/v1/accounts/9/followers?limit=2&cursor=b',
      '/v1/accounts/9/followers?limit=2&cursor=c',
    ]);
  });

  it('can be collected up to a maximum, without unneeded requests', async () => {
    await using server = await scriptedServer(script);
    const collected = (max: number) =>
      createTwite({ baseUrl: server.baseUrl }).accounts.listFollowers({ accountId: '9' }).toArray({ max });
    const counts: [number, string[], number][] = [
      [0, [], 0],
      [1, ['1'], 1],
      [2, ['1', '2'], 1],
      [3, ['1', '2', '3'], 3],
      [Number.POSITIVE_INFINITY, ['1', '2', '3'], 3],
    ];
    for (const [max, ids, requests] of counts) {
      const before = server.received.length;
      expect((await collected(max)).map(({ accountId }) => accountId)).toEqual(ids);
      expect(server.received.length - before).toBe(requests);
    }
    await expect(collected(Number.NaN)).rejects.toMatchObject({ name: 'TwiteInputError', parameter: 'max' });
  });

  it('yields its pages, without unneeded requests', async () => {
    await using server = await scriptedServer(script);
    const list = createTwite({ baseUrl: server.baseUrl }).accounts.listFollowers({ accountId: '9' });
    expect(await collect(list.pages())).toEqual([pages.first, pages.b, pages.c]);
    const before = server.received.length;
    for await (const account of createTwite({ baseUrl: server.baseUrl }).accounts.listFollowers({
      accountId: '9',
    })) {
      if (account.accountId === '2') break;
    }
    expect(server.received.length).toBe(before + 1);
  });

  it('requests nothing when neither awaited nor iterated', async () => {
    await using server = await scriptedServer(script);
    const twite = createTwite({ baseUrl: server.baseUrl });
    twite.timelines.home();
    twite.search.posts({ q: 'x' }).pages();
    await twite.timelines.home();
    expect(server.received.length).toBe(1);
  });

  it('starts at a cursor, and ends after one page if the contract has only one', async () => {
    await using server = await scriptedServer(script);
    const twite = createTwite({ baseUrl: server.baseUrl });
    expect(await collect(twite.timelines.home({ cursor: 'c' }))).toEqual([{ accountId: '3' }]);
    expect((await collect(twite.recommendations.listAccounts())).length).toBe(2);
    expect(server.received.length).toBe(2);
  });

  it('fails like any call, awaited or iterated', async () => {
    await using server = await scriptedServer(() => problem(404, 'account_not_found'));
    const twite = createTwite({ baseUrl: server.baseUrl });
    const list = () => twite.accounts.listFollowers({ accountId: '9' });
    await expect(list()).rejects.toBeInstanceOf(NotFoundError);
    await expect(collect(list())).rejects.toBeInstanceOf(NotFoundError);
    expect(await list().catch(() => 'caught')).toBe('caught');
    let settled = 0;
    await list()
      .finally(() => settled++)
      .catch(() => undefined);
    expect(settled).toBe(1);
  });

  it('does not loop forever', async () => {
    await using server = await scriptedServer(() => ({ status: 200, json: { items: [1], nextCursor: 'x' } }));
    const list = createTwite({ baseUrl: server.baseUrl }).timelines.home();
    await expect(collect(list)).rejects.toBeInstanceOf(TwiteError);
    expect(server.received.length).toBe(2);
  });

  it('ends between pages when aborted', async () => {
    await using server = await scriptedServer(script);
    const controller = new AbortController();
    const list = createTwite({ baseUrl: server.baseUrl }).timelines.home({}, { signal: controller.signal });
    const seen: unknown[] = [];
    const reading = (async () => {
      for await (const page of list.pages()) {
        seen.push(page);
        controller.abort();
      }
    })();
    await expect(reading).rejects.toHaveProperty('name', 'AbortError');
    expect(seen.length).toBe(1);
    expect(server.received.length).toBe(1);
  });
});
