import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { defaultUrl, keepServer, listProfiles, profileFolder, serverUrl } from './profiles.ts';

let configFolder = '';
beforeEach(() => {
  configFolder = mkdtempSync(join(tmpdir(), 'twite-profiles-'));
});
afterEach(() => rmSync(configFolder, { recursive: true }));

const url = 'https://twite.example';

test('a profile remembers its server; an explicit server takes precedence', async () => {
  const asked = { url: undefined, profile: 'work', configFolder };
  expect(serverUrl(asked)).toBe(defaultUrl);
  await keepServer({ ...asked, url });
  expect(serverUrl(asked)).toBe(url);
  expect(serverUrl({ ...asked, url: 'http://other.example' })).toBe('http://other.example');
  expect(serverUrl({ ...asked, profile: undefined })).toBe(defaultUrl);
  expect(listProfiles(configFolder)).toEqual([{ name: 'work', url }]);
  expect(statSync(profileFolder(configFolder, 'work')).mode & 0o777).toBe(0o700);
});

test('without a profile nothing is remembered', async () => {
  await keepServer({ url, profile: undefined, configFolder });
  expect(listProfiles(configFolder)).toEqual([]);
  expect(profileFolder(configFolder, undefined)).toBe(configFolder);
});

test.each(['..', 'a/b', 'a b', 'é', 'x'.repeat(41)])('%j is not a valid profile name', (profile) => {
  expect(() => profileFolder(configFolder, profile)).toThrow('is not a valid profile name');
});

test('a damaged file counts as no server', async () => {
  await keepServer({ url, profile: 'work', configFolder });
  writeFileSync(join(profileFolder(configFolder, 'work'), 'server.json'), '{');
  expect(serverUrl({ url: undefined, profile: 'work', configFolder })).toBe(defaultUrl);
  expect(listProfiles(configFolder)).toEqual([]);
});
