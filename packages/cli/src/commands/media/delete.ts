import { defineCommand } from '../../define-command.ts';
import { requiredArg, yes } from '../../flags.ts';
import { confirmInTerminal } from '../../terminal/confirm.ts';
import { line } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'Delete an image or video of yours that is not attached to anything.',
  operations: ['deleteMedia'],
  args: { mediaId: requiredArg('The id of the image or video.') },
  flags: { yes },
  async run({ args, flags, twite, say }) {
    await confirmInTerminal(`Delete media file ${args.mediaId}?`, flags.yes);
    await twite.media.delete({ mediaId: args.mediaId });
    say(line`Deleted ${args.mediaId}.`);
  },
});
