import { defineLocalCommand } from '../define-command.ts';
import { forOperator } from '../embedded-server.ts';
import { dataDir, environmentWith, requiredArg } from '../flags.ts';
import { line } from '../terminal/printable.ts';
import { bytes } from '../terminal/show.ts';
import { showContents } from '../terminal/show-contents.ts';
import { UsageError } from '../usage-error.ts';

export default defineLocalCommand({
  summary: 'Back up the instance into one archive.',
  description:
    'The instance can be running. Set the same environment variables as for the server: TWITE_DATA_DIR, or TWITE_ENGINE=distributed and the addresses of the services. The archive does not contain secrets, nor the search index, the graph and timelines, which are rebuilt after a restore. See docs/operations/backup.md.',
  examples: [
    '<%= config.bin %> backup twite.tar.gz',
    '<%= config.bin %> backup - | ssh backups "cat > twite.tar.gz"',
  ],
  args: { archive: requiredArg('The file to create. Use - to write to standard output.') },
  flags: { 'data-dir': dataDir },
  async run({ args, flags, json, say, note }) {
    const toStdout = args.archive === '-';
    if (toStdout && json)
      throw new UsageError('You cannot use --json when the archive is written to standard output.');
    const { manifest, sections, ...contents } = await forOperator(({ backUp }) =>
      backUp({ env: environmentWith(flags), destination: args.archive }),
    );
    const size = sections.reduce((sum, section) => sum + section.bytes, 0);
    const done = line`Backed up ${showContents(contents)}, ${bytes(size)} before compression, of the ${manifest.engine} engine.`;
    if (toStdout) note(done);
    else say(done);
    return { archive: args.archive, manifest, sections, ...contents };
  },
});
