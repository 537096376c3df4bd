import { styleText } from 'node:util';

type Style = Parameters<typeof styleText>[0];

const styles: Readonly<Record<string, Style>> = {
  fatal: ['bold', 'red'],
  error: 'red',
  warn: 'yellow',
  info: 'green',
};

/** The same on every line of a process, or only useful to machines. */
const left: ReadonlySet<string> = new Set([
  'level',
  'time',
  'msg',
  'err',
  'service',
  'role',
  'services',
  'version',
  'host',
  'traceId',
]);

// Control characters move the cursor and change colors: none sent by a client may reach the terminal. JSON leaves those
// above U+007E unescaped.
const control = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu;
const escaped = (text: string): string =>
  text.replace(control, (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`);

const plain = /^[\w.:/+-]+$/;
const shown = (value: unknown): string =>
  typeof value === 'string' && plain.test(value) ? value : escaped(JSON.stringify(value) ?? '');

interface ShownError {
  readonly message?: string;
  readonly stack?: string;
  readonly cause?: ShownError;
}

const reasonsOf = (error: ShownError | undefined): string[] =>
  error === undefined ? [] : [escaped(error.message ?? ''), ...reasonsOf(error.cause)];

const stackOf = ({ stack = '' }: ShownError): string[] =>
  stack.split('\n').filter((line) => /^\s+at /.test(line));

export interface TerminalOptions {
  /** The output stream: colors are for terminals, unless NO_COLOR is set. */
  readonly stream: NodeJS.WriteStream;
}

/** Formats a JSON line of the log for a terminal. Anything that is not JSON stays as it is. */
export function terminalLine(json: string, { stream }: TerminalOptions): string {
  let line: Readonly<Record<string, unknown>>;
  try {
    line = JSON.parse(json) as Readonly<Record<string, unknown>>;
  } catch {
    return json;
  }
  const level = String(line.level);
  const isColored = stream.isTTY === true && !process.env.NO_COLOR;
  const style = (format: Style, text: string): string =>
    isColored ? styleText(format, text, { validateStream: false }) : text;
  const facts = Object.entries(line)
    .filter(([key]) => !left.has(key))
    .map(([key, value]) => `${escaped(key)}=${shown(value)}`);
  const error = line.err as ShownError | undefined;
  const text = [escaped(String(line.msg ?? '')), ...reasonsOf(error).filter((reason) => reason !== '')];
  const isBad = level === 'error' || level === 'fatal';
  return [
    [
      style('dim', new Date(String(line.time)).toTimeString().slice(0, 8)),
      style(styles[level] ?? 'dim', level.toUpperCase().padEnd(5)),
      text.join(': '),
      ...(facts.length === 0 ? [] : [style('dim', facts.join(' '))]),
    ].join(' '),
    ...(isBad && error !== undefined ? stackOf(error).map((at) => style('dim', escaped(at))) : []),
    '',
  ].join('\n');
}
