import { EventEmitter, once } from 'node:events';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { expect, test } from 'vitest';
import { UsageError } from '../usage-error.ts';
import { askPassword, type Input, readPasswordLines } from './ask-password.ts';

const ctrlC = '\u0003';
const ctrlD = '\u0004';
const ctrlU = '\u0015';
const backspace = '\u007f';
const left = '\u001b[D';
const up = '\u001b[A';
const enter = '\r';

/** A terminal whose output and echo can be inspected. */
function terminal() {
  const raw: boolean[] = [];
  const input = Object.assign(new PassThrough(), {
    isTTY: true,
    setRawMode: (on: boolean) => void raw.push(on),
  });
  const output = new PassThrough({ encoding: 'utf8' });
  // Like standard error, it outlives what is piped into it.
  output.end = () => output;
  const shown: string[] = [];
  const prompts = new EventEmitter();
  output.on('data', (chunk: string) => {
    const text = stripVTControlCharacters(chunk);
    shown.push(text);
    for (const [prompt] of text.matchAll(/[\w, ]+(?=: )/g)) prompts.emit(prompt);
  });
  /** Types after a prompt, like a person. */
  const type = async (prompt: string, keys: string): Promise<void> => {
    await once(prompts, prompt);
    input.write(keys);
  };
  return { input, output, raw, shown: () => shown.join(''), type };
}

const environment = { name: 'TWITE_PASSWORD', value: undefined };

test('typed characters are not shown, and can be corrected', async () => {
  const { input, output, raw, shown, type } = terminal();
  const asked = askPassword({ prompt: 'Password', environment, input, output });
  await type('Password', `wrong${ctrlU}rue plumex${backspace}t${enter}`);
  expect(await asked).toBe('rue plumet');
  expect(shown()).not.toMatch(/wrong|rue|plume|\*/);
  expect(shown()).toMatch(/^(Password: *)+\n$/);
  expect(raw).toEqual([true, false]);
});

test('arrow keys move the cursor and are not part of the password', async () => {
  const { input, output, type } = terminal();
  const asked = askPassword({ prompt: 'Password', environment, input, output });
  await type('Password', `rue plmet${left}${left}${left}u${up}${enter}`);
  expect(await asked).toBe('rue plumet');
});

test('a new password is asked for twice', async () => {
  const { input, output, type } = terminal();
  const asked = askPassword({ prompt: 'Password', twice: true, environment, input, output });
  const typing = type('Password', `one${enter}`).then(() => type('Password again', `two${enter}`));
  await expect(asked).rejects.toThrow('do not match');
  await typing;
});

test.each([
  ['Ctrl-C', `abc${ctrlC}`],
  ['Ctrl-D', ctrlD],
  ['Ctrl-D after some letters', `abc${ctrlD}`],
])('%s cancels, and restores the terminal', async (_key, keys) => {
  const { input, output, raw, type } = terminal();
  const asked = askPassword({ prompt: 'Password', environment, input, output });
  const typing = type('Password', keys);
  await expect(asked).rejects.toThrow(new UsageError('Canceled. Nothing was done.'));
  await typing;
  expect(raw.at(-1)).toBe(false);
});

test('closing the terminal cancels', async () => {
  const { input, output } = terminal();
  const asked = askPassword({ prompt: 'Password', environment, input, output });
  input.end();
  await expect(asked).rejects.toThrow('Nothing was done');
});

test('the environment takes precedence; without it and without a terminal, the error says how to give a password', async () => {
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
