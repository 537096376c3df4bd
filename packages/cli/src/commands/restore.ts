import { boolean } from '@oclif/core/flags';
import { defineLocalCommand } from '../define-command.ts';
import { forOperator } from '../embedded-server.ts';
import { dataDir, environmentWith, requiredArg } from '../flags.ts';
import { line } from '../terminal/printable.ts';
import { showContents } from '../terminal/show-contents.ts';
import { UsageError } from '../usage-error.ts';

const whatIsNext = {
  embedded: 'Start the server: it holds what the backup held.',
  distributed:
    'Start the servers, workers and a relay. The relay makes a snapshot, from which search and graph are rebuilt; timelines are rebuilt when they are read. `twite admin verify` tells when all of it agrees.',
} as const;

export default defineLocalCommand({
  summary: 'Replace all data of the instance with a backup.',
  description:
    'Stop the instance first. The environment variables of the server say where it is. The archive is checked completely before anything changes. After an interrupted restore no server starts: run it again. See docs/operations/backup.md.',
  examples: [
    '<%= config.bin %> restore twite.tar.gz',
    'ssh backups "cat twite.tar.gz" | <%= config.bin %> restore -',
    '<%= config.bin %> restore --check twite.tar.gz',
  ],
  args: { archive: requiredArg('The archive that `backup` wrote; - reads it from standard input.') },
  flags: {
    'data-dir': dataDir,
    force: boolean({ summary: 'Destroy the data that the target holds.', default: false }),
    check: boolean({ summary: 'Only read the archive and compare its checksums.', default: false }),
  },
  async run({ args, flags, say }) {
    if (flags.check) {
      if (flags.force)
        throw new UsageError('--check changes nothing, so you cannot combine it with --force.');
      const checked = await forOperator(({ checkArchive }) => checkArchive(args.archive));
      const { engine, createdAt, twiteVersion } = checked.manifest;
      say(
        line`The archive is whole: of the ${engine} engine, made at ${createdAt} by Twite ${twiteVersion}.`,
      );
      return checked;
    }
    const restored = await forOperator(({ restore }) =>
      restore({ env: environmentWith(flags), source: args.archive, force: flags.force }),
    );
    say(line`Restored ${showContents(restored)}, as of ${restored.manifest.createdAt}.`);
    for (const { name, backup, here } of restored.changedVariables)
      say(line`${name} was ${backup} where the backup was made, and is ${here} here.`);
    say(line`${whatIsNext[restored.manifest.engine]}`);
    return restored;
  },
});
