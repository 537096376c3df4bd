import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { startUploadProgress } from './upload-progress.ts';

function terminal(isTTY: boolean) {
  const output = Object.assign(new PassThrough(), {
    isTTY,
    columns: 80,
    cursorTo: () => true,
    clearLine: () => true,
  });
  const written = (): string => String(output.read() ?? '');
  return { output: output as unknown as NodeJS.WriteStream, written };
}

test('a terminal shows one bar for all files, and the name of the current one', async () => {
  const { output, written } = terminal(true);
  const bar = await startUploadProgress(400, { json: false, output });
  bar.update('a\u001b[2J.jpg', 100);
  bar.finish(100);
  bar.update('b.png', 300);
  bar.stop();
  const shown = written();
  expect(shown).toContain('100%');
  expect(shown).toContain('b.png');
  expect(shown).not.toContain('\u001b[2J');
});

test('nothing is shown without a terminal or with --json', async () => {
  for (const [isTTY, json] of [
    [false, false],
    [true, true],
  ] as const) {
    const { output, written } = terminal(isTTY);
    const bar = await startUploadProgress(100, { json, output });
    bar.update('a.jpg', 100);
    bar.stop();
    expect(written()).toBe('');
  }
});
