import { join } from 'node:path';
import { expect, test } from 'vitest';
import { nodeTooOld } from './node-version.ts';

const scripts = join(import.meta.dirname, '../../../../scripts/node-version.mjs');

test.each(['18.20.8', '20.19.0', '22.18.0', '24.0.0', '24.10.9'])('%s is too old', async (version) => {
  expect(nodeTooOld(version)).toContain(`this is ${version}`);
  // npm start checks before there is a server to ask.
  const same = (await import(scripts)) as { nodeTooOld(version: string): string | undefined };
  expect(same.nodeTooOld(version)).toBe(nodeTooOld(version));
});

test.each(['24.11.0', '24.21.0', '25.0.0', '26.1.2'])('%s will do', async (version) => {
  expect(nodeTooOld(version)).toBeUndefined();
  const same = (await import(scripts)) as { nodeTooOld(version: string): string | undefined };
  expect(same.nodeTooOld(version)).toBeUndefined();
});
