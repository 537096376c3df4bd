import { boolean } from '@oclif/core/flags';
import { defineLocalCommand } from '../define-command.ts';
import { forOperator } from '../embedded-server.ts';
import { dataDir, environmentWith, requiredArg } from '../flags.ts';
import { line } from '../terminal/printable.ts';
import { showContents } from '../terminal/show-contents.ts';
import { UsageError } from '../usage-error.ts';

const whatIsNext = {
  embedded: 'Now start the server.',
  distributed:
    'Now start the servers, workers and a relay. The relay takes a snapshot, from which the search index and the graph are rebuilt; timelines are rebuilt when they are read. Run `twite admin verify` to check the result.',
} as const;

export default defineLocalCommand({
  summary: 'Replace all data of the instance with a backup.',
  description:
    'Stop the instance first, and set the same environment variables as for the server. The archive is verified completely before anything changes. After an interrupted restore, servers refuse to start until you run it again. See docs/operations/backup.md.',
  examples: [
    '<%= config.bin %> restore twite.tar.gz',
    'ssh backups "cat twite.tar.gz" | <%= config.bin %> restore -',
    '<%= config.bin %> restore --check twite.tar.gz',
  ],
  args: { archive: requiredArg('The archive to restore. Use - to read it from standard input.') },
  flags: {
    'data-dir': dataDir,
    force: boolean({ summary: 'Permanently delete the existing data of the target.', default: false }),
    check: boolean({ summary: 'Only read the archive and verify its checksums.', default: false }),
  },
  async run({ args, flags, say }) {
    if (flags.check) {
      if (flags.force)
        throw new UsageError('--check changes nothing, so you cannot combine it with --force.');
      const checked = await forOperator(({ checkArchive }) => checkArchive(args.archive));
      const { engine, createdAt, twiteVersion } = checked.manifest;
      say(
        line`The archive is complete. It was created at ${createdAt} by Twite ${twiteVersion}, ${engine} engine.`,
      );
      return checked;
    }
    const restored = await forOperator(({ restore }) =>
      restore({ env: environmentWith(flags), source: args.archive, force: flags.force }),
    );
    say(line`Restored ${showContents(restored)}, as of ${restored.manifest.createdAt}.`);
    for (const { name, backup, here } of restored.changedVariables)
      say(line`${name} was ${backup} when the backup was created. Here it is ${here}.`);
    say(line`${whatIsNext[restored.manifest.engine]}`);
    return restored;
  },
});
