import { TwiteError } from './errors.ts';

/** A page of a list; `nextCursor` is null at its end. */
export interface Page<T> {
  readonly items: readonly T[];
  readonly nextCursor: string | null;
}

/**
 * A list that was asked for. Nothing is requested before it is awaited or iterated.
 * - `await list` gives the first page; awaiting again gives the same one.
 * - `for await (const item of list)` goes on through all pages, requesting each when it is reached.
 * - `for await (const page of list.pages())` does so page by page.
 */
export interface PageRequest<T, P extends Page<T> = Page<T>> extends Promise<P>, AsyncIterable<T> {
  pages(): AsyncIterable<P>;
}

class LazyPageRequest<T> implements PageRequest<T> {
  readonly [Symbol.toStringTag] = 'PageRequest';
  readonly #load: (cursor: string | undefined) => Promise<Page<T>>;
  readonly #goesOn: boolean;
  #first: Promise<Page<T>> | undefined;

  constructor(load: (cursor: string | undefined) => Promise<Page<T>>, goesOn: boolean) {
    this.#load = load;
    this.#goesOn = goesOn;
  }

  #firstPage(): Promise<Page<T>> {
    this.#first ??= this.#load(undefined);
    return this.#first;
  }

  // biome-ignore lint/suspicious/noThenProperty: being awaitable is what it is for
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
      page = await this.#load(cursor);
      // It would go round for ever.
      if (page.nextCursor === cursor)
        throw new TwiteError('The server answered a page that leads to itself.');
      yield page;
    }
  }

  async *[Symbol.asyncIterator](): AsyncGenerator<T, void, undefined> {
    for await (const page of this.pages()) yield* page.items;
  }
}

/**
 * `load` requests the page at a cursor, the first one at undefined. `goesOn`: whether the list has more than one page.
 */
export const pageRequest = <T>(
  load: (cursor: string | undefined) => Promise<Page<T>>,
  goesOn: boolean,
): PageRequest<T> => new LazyPageRequest(load, goesOn);
