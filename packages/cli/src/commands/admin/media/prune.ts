import { boolean } from '@oclif/core/flags';
import { defineLocalCommand } from '../../../define-command.ts';
import { forOperator } from '../../../embedded-server.ts';
import { dataDir, environmentWith } from '../../../flags.ts';
import { line } from '../../../terminal/printable.ts';
import { plural, bytes as sizeOf } from '../../../terminal/show.ts';

export default defineLocalCommand({
  summary: 'Delete stored media files that do not belong to any upload.',
  description:
    'These can remain after you restore a backup. Keeps files that are younger than a day, because an upload may be in progress. The server can be running. With TWITE_ENGINE=distributed, it uses the services in the environment variables.',
  examples: [
    '<%= config.bin %> admin media prune --dry-run',
    '<%= config.bin %> admin media prune --data-dir ./data',
  ],
  flags: {
    'data-dir': dataDir,
    'dry-run': boolean({
      summary: 'Print how many files would be deleted, without deleting them.',
      default: false,
    }),
  },
  async run({ flags, say }) {
    const dryRun = flags['dry-run'];
    const pruned = await forOperator(({ pruneMedia }) => pruneMedia(environmentWith(flags), { dryRun }));
    const { objects, bytes } = pruned;
    if (objects === 0) say(line`Nothing to delete: all files older than a day belong to an upload.`);
    else if (dryRun) say(line`${plural(objects, 'file')} (${sizeOf(bytes)}) would be deleted.`);
    else say(line`${plural(objects, 'file')} (${sizeOf(bytes)}) deleted.`);
    return { ...pruned, dryRun };
  },
});
