import { boolean } from '@oclif/core/flags';
import { defineCommand } from '../define-command.ts';
import { optionalTextArg } from '../flags.ts';
import { altFlag, filesGiven, mediaFlag } from '../media/files-given.ts';
import { stillProcessing, uploadOperations, withUploads } from '../media/upload-files.ts';
import { readTextBeside } from '../read-text.ts';
import { line } from '../terminal/printable.ts';

export default defineCommand({
  summary: 'Post.',
  description:
    'A text that begins with a dash, or is the name of a subcommand, goes after --. With --media the text may be left out. A --alt describes the --media before it. If a file is refused, nothing is posted.',
  examples: [
    '<%= config.bin %> post "The night is dark."',
    '<%= config.bin %> post "For friends." --followers',
    '<%= config.bin %> post "Two of the garden." --media gate.jpg --alt "An iron gate." --media rain.png --alt "Rain."',
    'fortune | <%= config.bin %> post -',
  ],
  aliases: ['post:create'],
  operations: ['createPost', ...uploadOperations],
  args: { text: optionalTextArg },
  flags: {
    followers: boolean({ summary: 'Only for those who follow you.', default: false }),
    media: mediaFlag,
    alt: altFlag,
  },
  async run({ args, flags, given, twite, json, say }) {
    const files = filesGiven(given, ({ flag }) => flag === 'media');
    const text = await readTextBeside(args.text, files);
    const options = { files, undone: 'Nothing was posted.', attached: true };
    const post = await withUploads({ twite, json }, options, (media) =>
      twite.posts.create({
        text,
        visibility: flags.followers ? 'followers' : 'public',
        mediaIds: media.map(({ mediaId }) => mediaId),
      }),
    );
    say(line`Posted ${post.postId}.${stillProcessing(post.media)}`);
    return post;
  },
});
