import { EventEmitter } from 'node:events';
import { expect, test } from 'vitest';
import { endProcessWith } from './end-process.ts';

function setUp(close: () => Promise<void> = async () => {}) {
  const exited = Promise.withResolvers<number>();
  const codes: number[] = [];
  const target = Object.assign(new EventEmitter(), {
    exit(code: number) {
      codes.push(code);
      exited.resolve(code);
    },
  });
  const failed = Promise.withResolvers<Error>();
  const fatal: unknown[] = [];
  const log = { info: () => {}, fatal: (...args: unknown[]) => void fatal.push(args) };
  let closes = 0;
  const running = {
    failed: failed.promise,
    close() {
      closes++;
      return close();
    },
  };
  endProcessWith(running, log, target);
  return { target, fail: failed.resolve, exited: exited.promise, codes, fatal, closes: () => closes };
}

test.each(['SIGTERM', 'SIGINT'])(
  '%s ends what is under way, then the process with code 0',
  async (signal) => {
    const closing = Promise.withResolvers<void>();
    const { target, exited, codes, closes } = setUp(() => closing.promise);
    target.emit(signal);
    expect([closes(), codes]).toEqual([1, []]);
    closing.resolve();
    expect(await exited).toBe(0);
  },
);

test('a second signal ends the process immediately', async () => {
  const { target, exited, closes } = setUp(() => new Promise(() => {}));
  target.emit('SIGTERM');
  target.emit('SIGINT');
  expect(await exited).toBe(130);
  expect(closes()).toBe(1);
});

test('a failed stop is logged and exits with code 1', async () => {
  const { target, exited, fatal } = setUp(async () => {
    throw new Error('the disk is gone');
  });
  target.emit('SIGTERM');
  expect(await exited).toBe(1);
  expect(fatal).toHaveLength(1);
});

test('engine failures and uncaught errors are logged and exit with code 1', async () => {
  const engine = setUp();
  engine.fail(new Error('fsync failed'));
  expect(await engine.exited).toBe(1);
  for (const event of ['uncaughtException', 'unhandledRejection']) {
    const { target, exited, fatal } = setUp();
    target.emit(event, new Error('oh'));
    expect(await exited).toBe(1);
    expect(fatal).toHaveLength(1);
  }
});
