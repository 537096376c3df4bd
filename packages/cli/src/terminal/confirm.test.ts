import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { confirmInTerminal } from './confirm.ts';

function terminal(isTTY: boolean) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const output = new PassThrough();
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
  await expect(ask(typed)).rejects.toThrow('Canceled: nothing was deleted.');
});

test('the question names the default, and Ctrl-D cancels', async () => {
  const { input, output } = terminal(true);
  const asked = confirmInTerminal('Delete post 1?', false, { input, output });
  input.end();
  await expect(asked).rejects.toThrow('Canceled');
  expect(String(output.read())).toContain('Delete post 1? This cannot be undone. [y/N] ');
});

test('--yes and scripts are not asked', async () => {
  await confirmInTerminal('Delete post 1?', true, terminal(true));
  await confirmInTerminal('Delete post 1?', false, terminal(false));
});
