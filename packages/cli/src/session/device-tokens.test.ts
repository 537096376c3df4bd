import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { openDeviceTokens } from './device-tokens.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'twite-devices-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

test('device tokens are stored by server and handle, readable by their owner only', async () => {
  const tokens = openDeviceTokens(folder);
  expect(await tokens.find('http://a', 'ann')).toBeUndefined();
  await tokens.keep('http://a', 'Ann', 'twd_1');
  await tokens.keep('http://b', 'ann', 'twd_2');
  await tokens.keep('http://a', 'ann', 'twd_3');
  expect(await openDeviceTokens(folder).find('http://a', 'ANN')).toBe('twd_3');
  expect(await tokens.find('http://b', 'ann')).toBe('twd_2');
  expect((await stat(join(folder, 'devices.json'))).mode & 0o777).toBe(0o600);
});

test('a damaged file counts as empty, and is replaced', async () => {
  await writeFile(join(folder, 'devices.json'), '{"version":1,');
  const tokens = openDeviceTokens(folder);
  expect(await tokens.find('http://a', 'ann')).toBeUndefined();
  await tokens.keep('http://a', 'ann', 'twd_1');
  expect(await tokens.find('http://a', 'ann')).toBe('twd_1');
});

test('the latest accounts are kept', async () => {
  const tokens = openDeviceTokens(folder);
  for (let n = 0; n < 51; n++) await tokens.keep('http://a', `u${n}`, `twd_${n}`);
  expect(await tokens.find('http://a', 'u0')).toBeUndefined();
  expect(await tokens.find('http://a', 'u1')).toBe('twd_1');
});

test('a folder that cannot be written does not fail the sign-in', async () => {
  await writeFile(join(folder, 'file'), '');
  await openDeviceTokens(join(folder, 'file', 'twite')).keep('http://a', 'ann', 'twd_1');
});
