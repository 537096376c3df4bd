import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { type Check, type Finding, fail, pass, warn } from '@twite/core/doctor/run-checks';
import { idTime } from '@twite/core/ids/ids';
import { databaseFileName } from '../backup/database-file.ts';
import { openReading } from '../sqlite/connection.ts';
import { migrations, versionOf } from '../sqlite/migrations.ts';
import { newestId } from '../sqlite/newest-id.ts';
import { createStatements } from '../sqlite/statements.ts';
import { mediaChecks } from './media-checks.ts';

const waitingWarns = 1_000;
const aheadWarnsMs = 2_000;

/** Read-only checks of a database and the media next to it. A server may be using them. */
export function databaseChecks(dataDir: string): readonly Check[] {
  const path = join(dataDir, databaseFileName);
  const check = (name: string, judge: (db: DatabaseSync) => Finding): Check => ({
    name,
    fix: `Restore a backup if ${path} is damaged, or correct its owner and mode.`,
    async find() {
      if (!existsSync(path)) return pass('there is no database yet; the first start creates it');
      const db = openReading(path);
      try {
        return judge(db);
      } finally {
        db.close();
      }
    },
  });
  return [
    check('schema', judgeSchema),
    check('queues', judgeQueues),
    check('clock', (db) => {
      const newest = newestId(createStatements(db));
      const aheadMs = newest === undefined ? 0 : idTime(newest).getTime() - Date.now();
      if (aheadMs < aheadWarnsMs) return pass('is not behind the newest id');
      return warn(
        `is ${Math.round(aheadMs / 1000)} s behind the newest id`,
        'Set the clock (chrony, systemd-timesyncd). Until then, new posts have the time of the newest one.',
      );
    }),
    ...mediaChecks(dataDir),
  ];
}

function judgeSchema(db: DatabaseSync): Finding {
  const version = versionOf(db);
  const newest = migrations.length;
  if (version > newest) {
    return fail(
      `version ${version} was written by a newer Twite; this one knows ${newest}`,
      'Upgrade Twite.',
    );
  }
  if (version < newest) {
    return warn(
      `version ${version}; the next start of this Twite makes it ${newest}`,
      'Take a backup, then restart the server with this version.',
    );
  }
  return pass(`version ${version}`);
}

function judgeQueues(db: DatabaseSync): Finding {
  const count = (sql: string) => Number(db.prepare(sql).get()?.n);
  const parked = count(
    'SELECT (SELECT count(*) FROM parked_events) + (SELECT count(*) FROM parked_jobs) AS n',
  );
  const waiting = count(
    `SELECT (SELECT count(*) FROM jobs) +
       (SELECT count(*) FROM events WHERE seq > (SELECT min(seq) FROM consumers)) AS n`,
  );
  const words = `${parked} parked, ${waiting} waiting`;
  if (parked > 0)
    return warn(
      words,
      '`twite admin queues show` shows their errors; `replay` retries them, `drop` deletes them.',
    );
  if (waiting > waitingWarns)
    return warn(words, 'Start the server, which handles them; check its log if their number does not fall.');
  return pass(words);
}
