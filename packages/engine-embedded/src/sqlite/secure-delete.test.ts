import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { openWriting } from './connection.ts';

it('the file does not contain deleted rows', () => {
  const folder = mkdtempSync(join(tmpdir(), 'twite-secure-delete-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'twite.db');
  const db = openWriting({ path, mayMigrate: true });
  const secret = 'a secret that was deleted';
  const holdsSecret = () => {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE)');
    return readFileSync(path).includes(secret);
  };
  db.exec(
    `INSERT INTO parked_jobs (job_id, payload, error, parked_at) VALUES (1, '${secret.repeat(10)}', '', 0)`,
  );
  expect(holdsSecret()).toBe(true);
  db.exec('DELETE FROM parked_jobs');
  expect(holdsSecret()).toBe(false);
  db.close();
});
