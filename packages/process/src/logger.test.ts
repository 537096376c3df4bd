import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { join } from 'node:path';
import { Writable } from 'node:stream';
import { newTraceparent, traceIdOf, withTrace } from '@twite/core/trace';
import { expect, test } from 'vitest';
import { withRequest } from './log-names.ts';
import { createLogger, logOutputOf } from './logger.ts';

function capture(logLevel: 'info' | 'silent' = 'info', more: object = {}) {
  const lines: string[] = [];
  const stream = new Writable({
    write(chunk, _encoding, done) {
      lines.push(String(chunk));
      done();
    },
  });
  return { log: createLogger({ logLevel, ...more }, stream), lines };
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

test('passwords and tokens are not logged, at any place', () => {
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

test('every line identifies its process', () => {
  const { log, lines } = capture('info', { role: 'server', services: ['posts'] });
  log.info('process ready');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    service: 'twite',
    role: 'server',
    services: ['posts'],
    version: expect.stringMatching(/^\d+\.\d+\.\d+/),
    host: expect.stringMatching(/./),
  });
});

test('a line within a request or message has its ids, even if it is logged late', async () => {
  const { log, lines } = capture();
  const trace = newTraceparent();
  const later = async () => {
    await new Promise((resolve) => setImmediate(resolve));
    log.info('deep inside');
  };
  const request = { requestId: 'request-1' };
  await withRequest(request, async () => {
    await later();
    await withTrace(trace, later);
  });
  await withRequest({ requestId: 'request-2', trace }, later);
  await withTrace(trace, later);
  await later();
  const names = lines.map((line) => JSON.parse(line)).map(({ requestId, traceId }) => [requestId, traceId]);
  expect(names).toEqual([
    ['request-1', expect.stringMatching(/^[0-9a-f]{32}$/)],
    ['request-1', traceIdOf(trace)],
    ['request-2', traceIdOf(trace)],
    [undefined, traceIdOf(trace)],
    [undefined, undefined],
  ]);
  expect(request).toEqual({ requestId: 'request-1', ownTraceId: names[0]?.[1] });
});

test('fields of a line take precedence over the ids of its context', () => {
  const { log, lines } = capture();
  withRequest({ requestId: 'request-1' }, () => log.info({ requestId: 'request-2' }, 'request completed'));
  expect(lines[0]?.match(/requestId/g)).toHaveLength(1);
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({ requestId: 'request-2' });
});

test('an error is logged without data that its driver attached', () => {
  const { log, lines } = capture();
  const error = Object.assign(
    new Error('WRONGTYPE', { cause: new AggregateError([new Error('first')], 'all') }),
    {
      code: 'E_TYPE',
      command: { name: 'set', args: ['twite:post:1', '{"text":"a secret thought"}'] },
      meta: { body: 'a secret thought' },
    },
  );
  log.error({ err: error }, 'unhandled request error');
  log.error({ err: 'a text that was thrown' }, 'message parked');
  expect(lines.join('')).not.toContain('a secret thought');
  expect(JSON.parse(lines[0] ?? '').err).toMatchObject({
    type: 'Error',
    message: 'WRONGTYPE',
    code: 'E_TYPE',
    stack: expect.stringContaining('logger.test.ts'),
    cause: { type: 'AggregateError', message: 'all', errors: [{ message: 'first' }] },
  });
  expect(JSON.parse(lines[1] ?? '').err).toEqual({ type: 'string', message: 'a text that was thrown' });
});

test('the causes of an error are bounded', () => {
  const { log, lines } = capture();
  const circular = new Error('x'.repeat(100_000));
  circular.cause = circular;
  log.error({ err: circular }, 'unhandled request error');
  expect(lines[0]?.length).toBeLessThan(100_000);
});

test('in a terminal, lines are short and at least warnings; both can be configured', () => {
  const none = { logLevel: null, logFormat: null };
  expect(logOutputOf(none, false)).toEqual({ format: 'json', level: 'info' });
  expect(logOutputOf(none, true)).toEqual({ format: 'pretty', level: 'warn' });
  expect(logOutputOf({ logLevel: 'debug', logFormat: null }, true)).toEqual({
    format: 'pretty',
    level: 'debug',
  });
  expect(logOutputOf({ logLevel: null, logFormat: 'json' }, true)).toEqual({ format: 'json', level: 'info' });
  expect(logOutputOf({ logLevel: 'error', logFormat: 'pretty' }, false)).toEqual({
    format: 'pretty',
    level: 'error',
  });
});

test('the format `pretty` has neither tokens nor JSON', () => {
  const { log, lines } = capture('info', { logFormat: 'pretty' });
  log.warn({ dependency: 'redis', token: 'hunter2hunter2' }, 'circuit breaker opened');
  log.info('a message with twa_0123456789abcdefghijABCDEFGHIJ_-456');
  expect(lines.join('')).toMatch(
    /^\d\d:\d\d:\d\d WARN {2}circuit breaker opened dependency=redis token="\[redacted\]"\n\S+ INFO {2}a message with \[redacted\]\n$/,
  );
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
