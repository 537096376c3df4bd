import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { confirm, confirmInTerminal } from './confirm.ts';

function terminal(isTTY: boolean) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = Object.assign(new PassThrough(), { isTTY });
  return { input, output };
}

const ask = (typed: string) => {
  const { input, output } = terminal(true);
  const asked = confirmInTerminal('Delete post 1?', false, { input, output });
  input.write(`${typed}\n`);
  return asked;
};

test.each(['y', 'Y', ' yes ', 'YES'])('%j confirms', async (typed) => {
  await ask(typed);
});

test.each(['', 'n', 'no', 'yesterday'])('%j does not', async (typed) => {
  await expect(ask(typed)).rejects.toThrow('Canceled. Nothing was deleted.');
});

test('the question names the default', async () => {
  const { input, output } = terminal(true);
  const asked = confirmInTerminal('Delete post 1?', false, { input, output });
  input.end();
  await expect(asked).rejects.toThrow('Canceled');
  expect(String(output.read())).toContain('Delete post 1? This cannot be undone. [y/N] ');
});

test.each([
  ['Ctrl-C', '\u0003'],
  ['Ctrl-D', '\u0004'],
])('%s cancels', async (_, key) => {
  const { input, output } = terminal(true);
  const asked = confirmInTerminal('Delete post 1?', false, { input, output });
  input.write(key);
  await expect(asked).rejects.toThrow('Canceled. Nothing was deleted.');
  const again = terminal(true);
  const typed = confirm({ question: 'Type it', isRight: () => false, otherwise: 'Not it.' }, again);
  again.input.write(key);
  await expect(typed).rejects.toThrow('Not it.');
});

test('a person must type the name, and a script must pass --yes', async () => {
  const name = { question: 'Type the handle', isRight: (typed: string) => typed === 'ann', otherwise: 'No.' };
  const right = terminal(true);
  const asked = confirm(name, right);
  right.input.write(' ann \n');
  await asked;
  await expect(confirm(name, terminal(false))).rejects.toThrow('Pass --yes.');
});

test('--yes and scripts are not asked', async () => {
  await confirmInTerminal('Delete post 1?', true, terminal(true));
  await confirmInTerminal('Delete post 1?', false, terminal(false));
});
