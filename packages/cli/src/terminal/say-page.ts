import type { Page } from '@twite/sdk';
import { dim, join, line, type Printable } from './printable.ts';

/** The presentation of a list item: several lines for people, one line in a pipe. */
export interface View<T> {
  readonly card: (item: T) => Printable;
  readonly row: (item: T) => Printable;
}

export interface PageOptions {
  /** Printed if there are no items: the reason, or what to do. */
  readonly empty?: string;
  /** How to get the next page. */
  readonly more?: (cursor: string) => string;
}

interface Output {
  readonly say: (text: Printable) => void;
  readonly note: (text: Printable) => void;
  /** Whether standard output is a terminal. */
  readonly isTerminal: boolean;
}

/**
 * Prints the items of a page on standard output, and everything else on standard error: a pipe gets exactly one line
 * per item.
 */
export function printPage<T>(
  page: Page<T>,
  view: View<T> | ((item: T) => Printable),
  {
    empty,
    more = (cursor) => `More: --cursor ${cursor}, or --all`,
    say,
    note,
    isTerminal,
  }: PageOptions & Output,
): void {
  const { card, row } = typeof view === 'function' ? { card: view, row: view } : view;
  if (page.items.length > 0) {
    const apart = isTerminal && card !== row ? '\n\n' : '\n';
    say(join(page.items.map(isTerminal ? card : row), apart));
  } else if (empty) note(dim(empty));
  if (page.nextCursor !== null) note(dim(line`${more(page.nextCursor)}`));
}
