import Table from 'cli-table3';
import { laidOut, line, type Printable, printed } from './printable.ts';

const none = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '', left: '', right: '', middle: '  ' };
const noFrame = {
  top: '',
  'top-mid': '',
  'top-left': '',
  'top-right': '',
  bottom: '',
  'bottom-mid': '',
  'bottom-left': '',
  'bottom-right': '',
};

/** Columns without borders. */
export function table(head: readonly string[], rows: readonly (readonly (string | number)[])[]): Printable {
  const cells = new Table({
    head: [...head],
    chars: { ...noFrame, ...none },
    style: { head: [], border: [], 'padding-left': 0, 'padding-right': 0 },
  });
  for (const row of rows) cells.push(row.map((cell) => printed(line`${cell}`)));
  return laidOut(cells.toString().replaceAll(/ +$/gm, ''));
}
