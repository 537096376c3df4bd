import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { otherVariables, unknownVariables } from './unknown-variables.ts';
import { allVariables } from './variables.ts';

const compose = new URL('../../../../compose/', import.meta.url).pathname;

test.each([
  ['TWITE_DATADIR', 'TWITE_DATA_DIR'],
  ['TWITE_PROT', 'TWITE_PORT'],
  ['TWITE_TRUSTED_PROXY', 'TWITE_TRUSTED_PROXIES'],
  ['TWITE_RATE_LIMIT_SIGNIN_ACCOUNT', 'TWITE_RATE_LIMIT_SIGN_IN_ACCOUNT'],
  ['TWITE_REDIS_URL_FIEL', 'TWITE_REDIS_URL_FILE'],
  ['TWITE_METRIC_PORT', 'TWITE_METRICS_PORT'],
])('%s is reported, with %s', (name, closest) => {
  expect(unknownVariables({ [name]: '1' })).toEqual([
    `${name} is not a variable of Twite. Did you mean ${closest}?`,
  ]);
});

test('only secrets can be read from a file', () => {
  expect(unknownVariables({ TWITE_PORT_FILE: '/run/port' })).toHaveLength(1);
  expect(unknownVariables({ TWITE_MONGODB_URL_FILE: '/run/mongodb' })).toEqual([]);
});

test('empty variables and those of other programs, tests or Kubernetes are ignored', () => {
  expect(
    unknownVariables({
      PATH: '/bin',
      TWITE_DATADIR: ' ',
      TWITE_URL: 'http://127.0.0.1:8080',
      TWITE_TEST_MONGODB_URL: 'mongodb://one',
      TWITE_SERVICE_HOST: '10.0.0.1',
      TWITE_WEB_SERVICE_PORT_HTTP: '80',
      TWITE_WEB_PORT: 'tcp://10.0.0.1:80',
      TWITE_WEB_PORT_80_TCP_ADDR: '10.0.0.1',
    }),
  ).toEqual([]);
});

test('exactly the variables of the deployment are known', () => {
  const files = readdirSync(compose, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && !entry.parentPath.includes('tests'))
    .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
  const names = new Set(files.flatMap((text) => text.match(/\bTWITE_[A-Z0-9_]*[A-Z0-9]\b(?!_)/g) ?? []));
  expect(names.size).toBeGreaterThan(100);
  expect(unknownVariables(Object.fromEntries([...names].map((name) => [name, '1'])))).toEqual([]);
  const surplus = otherVariables.deployment.filter((name) => !names.has(name));
  expect(surplus).toEqual([]);
});

test('names of other programs differ from those of the configuration', () => {
  const own = new Set(allVariables.map(({ name }) => name));
  expect(
    Object.values(otherVariables)
      .flat()
      .filter((name) => own.has(name)),
  ).toEqual([]);
});
