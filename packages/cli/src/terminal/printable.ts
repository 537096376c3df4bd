import { styleText } from 'node:util';
import wrapAnsi from 'wrap-ansi';
import { plain, plainLine } from './plain.ts';

const made: unique symbol = Symbol('printable');

/** Text that is safe to print. Only this file creates it, so no server text is printed unsanitised. */
export interface Printable {
  readonly [made]: string;
}

type Value = string | number | Printable;

const make = (text: string): Printable => ({ [made]: text });

const wash = (value: Value): string => {
  if (typeof value === 'object') return value[made];
  return plainLine(String(value));
};

/** A line with untrusted values: `line\`@${account.handle}\``. */
export function line(parts: TemplateStringsArray, ...values: readonly Value[]): Printable {
  return make(parts.map((part, i) => part + (i < values.length ? wash(values[i] ?? '') : '')).join(''));
}

/** The maximum width of text, even in a wide terminal: longer lines are hard to read. */
const widest = 100;

/** The width of text in columns: that of the terminal, or unlimited in a pipe. */
const columnsOfOutput = (): number =>
  process.stdout.isTTY ? Math.min(process.stdout.columns || 80, widest) : Number.POSITIVE_INFINITY;

/** Text of several lines, indented, and wrapped between words to fit `columns`. */
export function block(text: string, indent = '  ', columns = columnsOfOutput()): Printable {
  const washed = plain(text);
  const width = Math.max(columns - indent.length, 10);
  const fitting = Number.isFinite(width) ? wrapAnsi(washed, width, { hard: true, trim: false }) : washed;
  return make(
    fitting
      .split('\n')
      .map((one) => (indent + one).trimEnd())
      .join('\n'),
  );
}

export const lines = (parts: readonly Printable[]): Printable =>
  make(parts.map((part) => part[made]).join('\n'));

export const join = (parts: readonly Printable[], separator: string): Printable =>
  make(parts.map((part) => part[made]).join(separator));

/** For layouts composed of printable text. */
export const laidOut = (text: string): Printable => make(text);

// Plain if the output is not a terminal or NO_COLOR is set.
const style = (format: 'bold' | 'dim') => (value: Value) =>
  make(styleText(format, wash(value), { stream: process.stdout }));

export const bold = style('bold');
export const dim = style('dim');

/** The text to write. */
export const printed = (text: Printable): string => text[made];
