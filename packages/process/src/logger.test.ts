import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { expect, test } from 'vitest';
import { createLogger } from './logger.ts';

function capture(logLevel: 'info' | 'silent' = 'info') {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { log: createLogger({ logLevel }, stream), lines };
}

test('a line is JSON with a named level and an ISO time', () => {
  const { log, lines } = capture();
  log.info({ operationId: 'getPost' }, 'answered');
  log.debug('not at this level');
  expect(lines).toHaveLength(1);
  const line = JSON.parse(lines[0] ?? '');
  expect(line).toMatchObject({ level: 'info', service: 'twite', operationId: 'getPost', msg: 'answered' });
  expect(new Date(line.time).toISOString()).toBe(line.time);
});

test('passwords and tokens are not logged, wherever they stand', () => {
  const { log, lines } = capture();
  const token = 'twa_0123456789abcdefghijABCDEFGHIJ_-456';
  log.info({
    password: 'hunter2hunter2',
    body: { newPassword: 'hunter2hunter2', nested: { refreshToken: 'hunter2hunter2' } },
    headers: { authorization: 'Bearer hunter2hunter2', cookie: 'a=hunter2hunter2' },
    err: new Error(`no session for ${token}`, { cause: new Error(`Bearer ${token}`) }),
    url: `/somewhere?token=${token}`,
  });
  log.info(`a message with ${token}`);
  const all = lines.join('');
  expect(all).not.toContain('hunter2');
  expect(all).not.toContain(token);
  expect(all).toContain('no session for [redacted]');
});

test('silent logs nothing', () => {
  const { log, lines } = capture('silent');
  log.fatal('nobody hears it');
  expect(lines).toEqual([]);
});

// Every write to /dev/full fails for lack of space.
test.runIf(existsSync('/dev/full'))('a process whose output is a file on a full disk lives on', async () => {
  const module = (name: string): string => JSON.stringify(join(import.meta.dirname, `${name}.ts`));
  const script = `
    const { createLogger } = await import(${module('logger')});
    const { tellOperator } = await import(${module('tell-operator')});
    await tellOperator(async () => {
      const log = createLogger({ logLevel: 'info' });
      process.stdout.write('the banner');
      for (let line = 0; line < 2_000; line++) log.info({ text: 'x'.repeat(1_000) }, 'a line');
    });
    setImmediate(() => setImmediate(() => process.exit(42)));`;
  const full = openSync('/dev/full', 'w');
  const args = ['--conditions=twite-source', '--input-type=module', '--eval', script];
  const child = spawn(process.execPath, args, { stdio: ['ignore', full, 'inherit'] });
  expect(await once(child, 'exit')).toEqual([42, null]);
});
