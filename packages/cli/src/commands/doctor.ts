import { string } from '@oclif/core/flags';
import { defineLocalCommand } from '../define-command.ts';
import { forOperator } from '../embedded-server.ts';
import { dataDir, environmentWith } from '../flags.ts';
import { line } from '../terminal/printable.ts';
import { plural } from '../terminal/show.ts';

const marks = { pass: 'PASS', warn: 'WARN', fail: 'FAIL' } as const;

export default defineLocalCommand({
  summary: 'Check this machine, the configuration and every configured service.',
  description:
    'Prints PASS, WARN or FAIL for each check, and how to fix each problem. Exits with 1 if a check fails. Reads the same environment variables as the server. The instance can be running or stopped.',
  examples: [
    '<%= config.bin %> doctor',
    '<%= config.bin %> doctor --url https://twite.example',
    '<%= config.bin %> doctor --json',
  ],
  flags: {
    'data-dir': dataDir,
    url: string({ summary: 'The URL of a running server, to check it from outside.', helpValue: '<url>' }),
  },
  async run({ flags, say }) {
    const checks = await forOperator(({ examine }) =>
      examine({ env: environmentWith(flags), url: flags.url }),
    );
    const width = Math.max(...checks.map(({ name }) => name.length));
    for (const check of checks) {
      say(line`${marks[check.status]}  ${check.name.padEnd(width)}  ${check.message}`);
      if (check.status !== 'pass') say(line`${' '.repeat(width + 8)}Fix: ${check.fix}`);
    }
    const [failed, warned] = (['fail', 'warn'] as const).map(
      (status) => checks.filter((check) => check.status === status).length,
    );
    say(line`${plural(checks.length, 'check')}: ${failed ?? 0} failed, ${plural(warned ?? 0, 'warning')}.`);
    // Not an error of the command: it did its work.
    if (failed) process.exitCode = 1;
    return { ok: !failed, checks };
  },
});
