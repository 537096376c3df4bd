import { styleText } from 'node:util';
import { plain, plainLine } from './plain.ts';

const made: unique symbol = Symbol('printable');

/** Text that may be printed as it is. Only this file makes it, so nothing of a server is printed unwashed. */
export interface Printable {
  readonly [made]: string;
}

type Value = string | number | Printable;

const make = (text: string): Printable => ({ [made]: text });

const wash = (value: Value): string => {
  if (typeof value === 'object') return value[made];
  return plainLine(String(value));
};

/** A line with values of strangers in it: `line\`@${account.handle}\``. */
export function line(parts: TemplateStringsArray, ...values: readonly Value[]): Printable {
  return make(parts.map((part, i) => part + (i < values.length ? wash(values[i] ?? '') : '')).join(''));
}

/** Several lines of one text, each behind `indent`. */
export const block = (text: string, indent = '  '): Printable =>
  make(
    plain(text)
      .split('\n')
      .map((one) => indent + one)
      .join('\n'),
  );

export const lines = (parts: readonly Printable[]): Printable =>
  make(parts.map((part) => part[made]).join('\n'));

export const join = (parts: readonly Printable[], separator: string): Printable =>
  make(parts.map((part) => part[made]).join(separator));

/** For layouts, made of text that is printable already. */
export const laidOut = (text: string): Printable => make(text);

// Plain when output is not a terminal, or NO_COLOR is set.
const style = (format: 'bold' | 'dim') => (value: Value) =>
  make(styleText(format, wash(value), { stream: process.stdout }));

export const bold = style('bold');
export const dim = style('dim');

/** The characters to write. */
export const printed = (text: Printable): string => text[made];
