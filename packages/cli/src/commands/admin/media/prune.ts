import { boolean } from '@oclif/core/flags';
import { defineLocalCommand } from '../../../define-command.ts';
import { forOperator } from '../../../embedded-server.ts';
import { dataDirFlag } from '../../../flags.ts';
import { line } from '../../../terminal/printable.ts';
import { bytes, plural } from '../../../terminal/show.ts';

export default defineLocalCommand({
  summary: 'Delete stored objects of media that no record knows.',
  description:
    'Such as those that were uploaded after a backup which was then restored. Works on the data folder, or on the services that the environment names; the instance may be running. Objects of the last day are left alone.',
  examples: ['<%= config.bin %> admin media prune --dry-run'],
  flags: {
    'data-dir': dataDirFlag,
    'dry-run': boolean({ summary: 'Only count them.', default: false }),
  },
  async run({ flags, say }) {
    const dryRun = flags['dry-run'];
    const pruned = await forOperator(({ pruneMedia }) =>
      pruneMedia({ dataDir: flags['data-dir'], env: process.env, dryRun }),
    );
    const found = line`${plural(pruned.objects, 'object')} of ${bytes(pruned.bytes)}`;
    say(dryRun ? line`${found} would be deleted.` : line`Deleted ${found}.`);
    return { ...pruned, dryRun };
  },
});
