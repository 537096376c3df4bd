import { PassThrough } from 'node:stream';
import { expect, test } from 'vitest';
import { startLiveProgress } from './live-progress.ts';

function output(isTTY: boolean) {
  const stream = Object.assign(new PassThrough(), { isTTY, columns: 60 });
  return { stream: stream as unknown as typeof process.stderr, written: () => String(stream.read() ?? '') };
}

const second = (at: number) => ({ second: at, ok: 200, refused: 0, failed: at, p50Ms: 1.2, p99Ms: null });

test('a terminal shows one line that is updated, and removed at the end', () => {
  const { stream, written } = output(true);
  const progress = startLiveProgress(stream);
  progress.phase('200/s');
  progress.second(second(0));
  progress.second(second(1));
  progress.stop();
  const lines = written().split('\r\u001b[2K');
  expect(lines.slice(1)).toEqual([
    '200/s',
    '200/s  1 s  200/s  p50 1.2 ms  p99 –',
    expect.stringMatching(/^200\/s {2}2 s {2}200\/s {2}p50 1\.2 ms {2}p99 – {2}refused 0, failed 1$/),
    '',
  ]);
});

test('a log has a line every five seconds', () => {
  const { stream, written } = output(false);
  const progress = startLiveProgress(stream);
  progress.phase('200/s');
  progress.phase('200/s');
  for (let at = 0; at < 11; at++) progress.second(second(at));
  progress.stop();
  expect(written().split('\n').filter(Boolean)).toEqual([
    '200/s',
    expect.stringContaining('  5 s  '),
    expect.stringContaining('  10 s  '),
  ]);
});
