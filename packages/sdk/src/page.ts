import { TwiteError, TwiteInputError } from './errors.ts';
import type { TwiteCall, WithResponse } from './response.ts';

/** A page of a list. `nextCursor` is null on the last page. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/**
 * A lazy list: nothing is requested before it is awaited or iterated.
 * - `await list` gives the first page; awaiting again gives the same one.
 * - `for await (const item of list)` iterates over all pages and requests each when it is reached.
 * - `for await (const page of list.pages())` iterates page by page.
 * - `await list.toArray({ max: 500 })` collects the first 500 items, or all if there are fewer.
 * - `await list.withResponse()` gives the first page with its response.
 */
export interface PageRequest<T, P extends Page<T> = Page<T>> extends TwiteCall<P>, AsyncIterable<T> {
  pages(): AsyncIterable<P>;
  /** Collects at most `max` items from as many pages as needed: lists can be long. */
  toArray(options: { readonly max: number }): Promise<T[]>;
}

type Load<T> = (cursor: string | undefined) => Promise<WithResponse<Page<T>>>;

class LazyPageRequest<T> implements PageRequest<T> {
  readonly [Symbol.toStringTag] = 'PageRequest';
  readonly #load: Load<T>;
  readonly #goesOn: boolean;
  #first: Promise<WithResponse<Page<T>>> | undefined;

  constructor(load: Load<T>, goesOn: boolean) {
    this.#load = load;
    this.#goesOn = goesOn;
  }

  withResponse(): Promise<WithResponse<Page<T>>> {
    this.#first ??= this.#load(undefined);
    return this.#first;
  }

  #firstPage(): Promise<Page<T>> {
    return this.withResponse().then(({ data }) => data);
  }

  // biome-ignore lint/suspicious/noThenProperty: the object is meant to be awaitable
  then<A = Page<T>, B = never>(
    onFulfilled?: ((page: Page<T>) => A | PromiseLike<A>) | null,
    onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null,
  ): Promise<A | B> {
    return this.#firstPage().then(onFulfilled, onRejected);
  }

  catch<B = never>(onRejected?: ((reason: unknown) => B | PromiseLike<B>) | null): Promise<Page<T> | B> {
    return this.#firstPage().catch(onRejected);
  }

  finally(onFinally?: (() => void) | null): Promise<Page<T>> {
    return this.#firstPage().finally(onFinally);
  }

  async *pages(): AsyncGenerator<Page<T>, void, undefined> {
    let page = await this.#firstPage();
    yield page;
    while (this.#goesOn && page.nextCursor !== null) {
      const cursor: string = page.nextCursor;
      page = (await this.#load(cursor)).data;
      // Otherwise the loop would never end.
      if (page.nextCursor === cursor)
        throw new TwiteError('The server answered a page that leads to itself.');
      yield page;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.items;
  }

  async toArray({ max }: { readonly max: number }): Promise<T[]> {
    if (!(max >= 0))
      throw new TwiteInputError('toArray: max must be a number, 0 or more.', { parameter: 'max' });
    const items: T[] = [];
    if (max === 0) return items;
    for await (const page of this.pages()) {
      items.push(...page.items.slice(0, max - items.length));
      // Before the next page is requested.
      if (items.length >= max) break;
    }
    return items;
  }
}

/**
 * `load` requests the page at a cursor; undefined is the first page. `goesOn`: whether the list has more than one page.
 */
export const pageRequest = <T>(load: Load<T>, goesOn: boolean): PageRequest<T> =>
  new LazyPageRequest(load, goesOn);
