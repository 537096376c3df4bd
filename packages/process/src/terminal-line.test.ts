import { PassThrough } from 'node:stream';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { terminalLine } from './terminal-line.ts';

const terminal = (isTTY: boolean): NodeJS.WriteStream =>
  Object.assign(new PassThrough(), { isTTY }) as unknown as NodeJS.WriteStream;

const lineOf = (fields: object): string =>
  JSON.stringify({ level: 'error', time: '2026-01-02T03:04:05.678Z', service: 'twite', ...fields });

const plain = (fields: object): string => terminalLine(lineOf(fields), { stream: terminal(false) });

afterEach(() => vi.unstubAllEnvs());

test('a line has its time, level, message and facts', () => {
  const fields = { level: 'warn', role: 'all', requestId: 'r-1', traceId: 'ff', queue: 'fanOut', n: 2 };
  expect(plain({ ...fields, msg: 'message handling failed' })).toMatch(
    /^\d\d:\d\d:\d\d WARN {2}message handling failed requestId=r-1 queue=fanOut n=2\n$/,
  );
});

test('an error is shown with its causes, and serious errors with their stack', () => {
  const err = {
    message: 'no answer',
    stack: 'Error: no answer\n    at here.ts:1',
    cause: { message: 'ECONNRESET' },
  };
  const said = /queue waiting: no answer: ECONNRESET\n/;
  expect(plain({ level: 'warn', msg: 'queue waiting', err })).toMatch(new RegExp(`${said.source}$`));
  expect(plain({ msg: 'queue waiting', err })).toMatch(
    /queue waiting: no answer: ECONNRESET\n {4}at here\.ts:1\n$/,
  );
});

test('colors are used in terminals, unless NO_COLOR is set', () => {
  const colored = () => terminalLine(lineOf({ msg: 'engine failed' }), { stream: terminal(true) });
  vi.stubEnv('FORCE_COLOR', '1');
  vi.stubEnv('NO_COLOR', undefined);
  expect(colored()).toContain('\u001b[31mERROR');
  expect(plain({ msg: 'engine failed' })).not.toContain('\u001b');
  vi.stubEnv('NO_COLOR', '1');
  expect(colored()).not.toContain('\u001b');
});

test('client input cannot control the terminal', () => {
  const text = fc.string({ unit: 'binary' });
  fc.assert(
    fc.property(text, text, text, (msg, key, value) => {
      const line = plain({
        level: 'error',
        msg,
        [`k${key}`]: value,
        err: { message: value, stack: `\n    at ${msg}` },
      });
      expect(line.replaceAll('\n', '')).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    }),
    { numRuns: 1_000 },
  );
});

test('lines that are not JSON are shown unchanged', () => {
  expect(terminalLine('not a line\n', { stream: terminal(false) })).toBe('not a line\n');
});
