import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { askPassword, type Input, readPasswordLines } from './ask-password.ts';

/** A terminal: what it echoes, and whether it echoes at all, can be looked at. */
function terminal() {
  const raw: boolean[] = [];
  const input: Input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (on: boolean) => void raw.push(on),
  });
  const shown: string[] = [];
  return { input, raw, shown, output: { write: (text: string) => void shown.push(text) } };
}

const environment = { name: 'TWITE_PASSWORD', value: undefined };

test('what is typed is not shown, and can be corrected', async () => {
  const { input, output, raw, shown } = terminal();
  const asked = askPassword({ prompt: 'Password', environment, input, output });
  (input as PassThrough).write('wrong\u0015rue plumex\u007ft\r');
  expect(await asked).toBe('rue plumet');
  expect(shown.join('')).toBe('Password: \n');
  expect(raw).toEqual([true, false]);
});

test('a new password is asked for twice', async () => {
  const { input, output } = terminal();
  const asked = askPassword({ prompt: 'Password', twice: true, environment, input, output });
  (input as PassThrough).write('one\r');
  (input as PassThrough).write('two\r');
  await expect(asked).rejects.toThrow('differ');
});

test('Ctrl-C ends it, and the terminal is as it was', async () => {
  const { input, output, raw } = terminal();
  const asked = askPassword({ prompt: 'Password', environment, input, output });
  (input as PassThrough).write('abc\u0003');
  await expect(asked).rejects.toThrow('nothing was done');
  expect(raw.at(-1)).toBe(false);
});

test('the environment comes first; without it and a terminal, it says how to give one', async () => {
  const input: Input = new PassThrough();
  expect(await askPassword({ prompt: 'P', environment: { ...environment, value: 'given' }, input })).toBe(
    'given',
  );
  await expect(askPassword({ prompt: 'P', environment, input })).rejects.toThrow('--password-stdin');
});

test.each([
  ['one\n', 1, ['one']],
  ['one', 1, ['one']],
  ['spaces kept \r\nsecond\r\n', 2, ['spaces kept ', 'second']],
])('%j gives %i passwords', async (piped, count, passwords) => {
  const input = new PassThrough();
  input.end(piped);
  expect(await readPasswordLines(count, input)).toEqual(passwords);
});

test.each([
  ['', 1],
  ['one\n', 2],
  ['one\ntwo\n', 1],
])('%j does not give %i passwords', async (piped, count) => {
  const input = new PassThrough();
  input.end(piped);
  await expect(readPasswordLines(count, input)).rejects.toThrow('--password-stdin needs');
});
