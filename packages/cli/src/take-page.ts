import type { Page, PageRequest } from '@twite/sdk';

export interface PageFlags {
  readonly limit: number | undefined;
  readonly cursor: string | undefined;
  readonly all: boolean;
}

/** The input of a list request. With --all, pages have the maximum size. */
export const pageInput = ({ limit, cursor, all }: PageFlags) => ({
  limit: limit ?? (all ? 100 : undefined),
  cursor,
});

/** The requested page, or with --all everything from there on as one page. */
export async function takePage<T>(list: PageRequest<T>, { all }: Pick<PageFlags, 'all'>): Promise<Page<T>> {
  if (!all) return list;
  const items: T[] = [];
  for await (const item of list) items.push(item);
  return { items, nextCursor: null };
}
