import { defineCommand } from '../../define-command.ts';
import { requiredArg } from '../../flags.ts';
import { line } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'Delete an image or video of yours that is not attached to anything.',
  operations: ['deleteMedia'],
  args: { mediaId: requiredArg('The id of the image or video.') },
  async run({ args, twite, say }) {
    await twite.media.delete({ mediaId: args.mediaId });
    say(line`Deleted ${args.mediaId}.`);
  },
});
