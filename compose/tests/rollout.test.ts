import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { composeFolder } from './compose-files.ts';

let folder: string;
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'twite-rollout-')));
});
afterEach(() => rmSync(folder, { recursive: true }));

/**
 * Runs rollout.sh with a fake `docker` that records its arguments and where it runs; each service except `absent` has
 * one container.
 */
function rollOut(env: Readonly<Record<string, string>>, { absent = [] as readonly string[] } = {}) {
  const log = join(folder, 'log');
  writeFileSync(log, '');
  const script = `#!/bin/sh
echo "$PWD \${COMPOSE_FILE-unset} $*" >> ${log}
case "$*" in
  'compose ps --quiet '*) case ' ${absent.join(' ')} ' in *" $4 "*) ;; *) echo "$4-1" ;; esac ;;
  'compose config --services') printf 'posts\\ngateway\\n' ;;
esac
`;
  writeFileSync(join(folder, 'docker'), script, { mode: 0o755 });
  const { COMPOSE_FILE: _, ...rest } = process.env;
  const { status, stderr } = spawnSync(join(composeFolder, 'rollout.sh'), [], {
    cwd: folder,
    encoding: 'utf8',
    env: { ...rest, ...env, PATH: `${folder}:${process.env.PATH}` },
  });
  const calls = readFileSync(log, 'utf8').trim().split('\n');
  return { status, stderr, calls };
}

/** The calls that change something, without their location and environment. */
const changes = (calls: readonly string[]) =>
  calls
    .map((call) => call.split(' ').slice(2).join(' '))
    .filter((call) => !/^compose (ps|config)/.test(call))
    .map((call) => call.replace(/^compose (\w+) .*?(\S+)( haproxy .*| sh .*)?$/, '$1 $2$3'));

test('uses COMPOSE_FILE from compose/.env, unless the environment sets it', () => {
  const { status, calls } = rollOut({});
  expect(status).toBe(0);
  for (const call of calls) expect(call).toMatch(`${realpathSync(composeFolder)} unset `);
  const given = rollOut({ COMPOSE_FILE: 'mine.yaml' });
  for (const call of given.calls) expect(call).toMatch(`${folder} mine.yaml `);
});

test('creates secrets and users, replaces writers last, then checks and reloads the gateway', () => {
  const { calls } = rollOut({});
  expect(changes(calls)).toEqual([
    'run init',
    'run mongo-setup',
    ...['relay', 'worker', 'posts', 'social', 'profile'].flatMap((service) => [
      `up ${service}`,
      `stop ${service}-1`,
      `rm --volumes ${service}-1`,
    ]),
    'exec gateway haproxy -c -q -f /usr/local/etc/haproxy/haproxy.cfg',
    'exec gateway sh -c kill -USR2 1',
  ]);
});

test('leaves the users of an external MongoDB to its operator', () => {
  expect(changes(rollOut({}, { absent: ['mongo'] }).calls)).not.toContain('run mongo-setup');
});

test('changes nothing when a service is not running', () => {
  const { status, stderr, calls } = rollOut({}, { absent: ['social'] });
  expect([status, stderr]).toEqual([1, expect.stringContaining('social does not run')]);
  expect(changes(calls)).toEqual([]);
});
