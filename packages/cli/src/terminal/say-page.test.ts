import { expect, test } from 'vitest';
import { line, lines, type Printable, printed } from './printable.ts';
import { printPage, type View } from './say-page.ts';

const view: View<string> = {
  card: (item) => lines([line`${item}`, line`  card`]),
  row: (item) => line`${item}\trow`,
};

function output(
  isTerminal: boolean,
  items: readonly string[],
  nextCursor: string | null = null,
  of: Parameters<typeof printPage<string>>[1] = view,
) {
  const said: string[] = [];
  const noted: string[] = [];
  printPage({ items: [...items], nextCursor }, of, {
    empty: 'Nothing.',
    isTerminal,
    say: (text: Printable) => said.push(printed(text)),
    note: (text: Printable) => noted.push(printed(text)),
  });
  return { said, noted };
}

test('a terminal shows separate cards', () => {
  expect(output(true, ['a', 'b'])).toEqual({ said: ['a\n  card\n\nb\n  card'], noted: [] });
});

test('a pipe gets one line per item; the hint for more goes to standard error', () => {
  expect(output(false, ['a', 'b'], 'next')).toEqual({
    said: ['a\trow\nb\trow'],
    noted: ['More: --cursor next, or --all'],
  });
});

test('an empty list prints nothing in a pipe', () => {
  expect(output(false, [])).toEqual({ said: [], noted: ['Nothing.'] });
});

test('items of one line stand below each other', () => {
  expect(output(true, ['a', 'b'], null, (item) => line`${item}`).said).toEqual(['a\nb']);
});
