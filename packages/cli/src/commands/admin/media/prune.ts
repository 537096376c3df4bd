import { boolean } from '@oclif/core/flags';
import { defineLocalCommand } from '../../../define-command.ts';
import { forOperator } from '../../../embedded-server.ts';
import { dataDir, environmentWith } from '../../../flags.ts';
import { line } from '../../../terminal/printable.ts';
import { plural, bytes as sizeOf } from '../../../terminal/show.ts';

export default defineLocalCommand({
  summary: 'Delete stored media files that belong to no upload.',
  description:
    'Such as those that a restored backup does not know. Files younger than a day stay: an upload may be under way. The server may be running. With TWITE_ENGINE=distributed, on the services that the environment names.',
  examples: [
    '<%= config.bin %> admin media prune --dry-run',
    '<%= config.bin %> admin media prune --data-dir ./data',
  ],
  flags: {
    'data-dir': dataDir,
    'dry-run': boolean({ summary: 'Only tell how many there are.', default: false }),
  },
  async run({ flags, say }) {
    const dryRun = flags['dry-run'];
    const pruned = await forOperator(({ pruneMedia }) => pruneMedia(environmentWith(flags), { dryRun }));
    const { objects, bytes } = pruned;
    if (objects === 0) say(line`Every file that is older than a day belongs to an upload.`);
    else if (dryRun) say(line`${plural(objects, 'file')} (${sizeOf(bytes)}) would be deleted.`);
    else say(line`${plural(objects, 'file')} (${sizeOf(bytes)}) deleted.`);
    return { ...pruned, dryRun };
  },
});
