import { boolean } from '@oclif/core/flags';
import { defineCommand } from '../define-command.ts';
import { optionalTextArg } from '../flags.ts';
import { createWithMedia } from '../media/create-with-media.ts';
import { altFlag, mediaFlag } from '../media/files-given.ts';
import { stillProcessing, uploadOperations } from '../media/upload-files.ts';
import { line } from '../terminal/printable.ts';

export default defineCommand({
  summary: 'Publish a post.',
  description:
    'Put a text after -- if it begins with a dash or is the name of a subcommand. The text is optional with --media. Each --alt describes the --media before it. If the server rejects a file, nothing is posted.',
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
    followers: boolean({ summary: 'Make the post visible to your followers only.', default: false }),
    media: mediaFlag,
    alt: altFlag,
  },
  async run(command) {
    const { flags, twite, say } = command;
    const visibility = flags.followers ? 'followers' : 'public';
    const post = await createWithMedia(command, (content) => twite.posts.create({ ...content, visibility }));
    say(line`Posted ${post.postId}.${stillProcessing(post.media)}`);
    return post;
  },
});
