import { defineCommand } from '../../define-command.ts';
import { requiredArg } from '../../flags.ts';
import { showMediaDetails } from '../../terminal/show.ts';

export default defineCommand({
  summary: 'Show an image or video: its state, size and URL.',
  operations: ['getMedia'],
  args: { mediaId: requiredArg('The id of the image or video.') },
  async run({ args, twite, say }) {
    const media = await twite.media.get({ mediaId: args.mediaId });
    say(showMediaDetails(media));
    return media;
  },
});
