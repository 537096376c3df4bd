import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { databaseChecks } from '../index.ts';

let dataDir = '';
beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'twite-doctor-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('the doctor', () => {
  const look = async () => {
    const check = databaseChecks(dataDir).find(({ name }) => name === 'media');
    return await check?.find();
  };

  it('checks the media folder', async () => {
    expect(await look()).toMatchObject({ status: 'pass', message: 'there are no media yet' });
    mkdirSync(join(dataDir, 'media'), { recursive: true });
    expect((await look())?.message).toMatch(/is writable, [\d.]+ GB are free/);
    rmSync(join(dataDir, 'media'), { recursive: true });
    writeFileSync(join(dataDir, 'media'), '');
    expect(await look()).toMatchObject({ status: 'fail' });
  });
});
