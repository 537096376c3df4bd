import { string } from '@oclif/core/flags';
import { defineCommand } from '../../define-command.ts';
import { requiredArg } from '../../flags.ts';
import { parseFocus } from '../../media/files-given.ts';
import { showMediaDetails } from '../../terminal/show.ts';
import { UsageError } from '../../usage-error.ts';

export default defineCommand({
  summary: 'Change the description or focus of an image or video of yours.',
  operations: ['updateMedia'],
  args: { mediaId: requiredArg('The id of the image or video.') },
  flags: {
    alt: string({ summary: 'A description for people who cannot see it. Use "" to remove it.' }),
    focus: string({ summary: 'The point that crops keep in view, such as 0,0.5.', helpValue: '<x,y>' }),
  },
  async run({ args, flags, twite, say }) {
    if (flags.alt === undefined && flags.focus === undefined)
      throw new UsageError('Nothing to change: give --alt, --focus or both.');
    const media = await twite.media.update({
      mediaId: args.mediaId,
      altText: flags.alt,
      focus: flags.focus === undefined ? undefined : parseFocus(flags.focus),
    });
    say(showMediaDetails(media));
    return media;
  },
});
