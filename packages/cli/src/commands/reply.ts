import { string } from '@oclif/core/flags';
import { defineCommand } from '../define-command.ts';
import { optionalTextArg, requiredArg } from '../flags.ts';
import { createWithMedia } from '../media/create-with-media.ts';
import { altFlag, mediaFlag } from '../media/files-given.ts';
import { stillProcessing, uploadOperations } from '../media/upload-files.ts';
import { line } from '../terminal/printable.ts';

export default defineCommand({
  summary: 'Reply to a post, or to one of its replies.',
  description:
    'The text is optional with --media. Each --alt describes the --media before it. If the server rejects a file, nothing is posted.',
  examples: [
    '<%= config.bin %> reply 1855647289012345678 "So it is."',
    '<%= config.bin %> reply 1855647289012345678 --media rain.png --alt "Rain."',
  ],
  aliases: ['reply:create'],
  operations: ['createReply', ...uploadOperations],
  args: { postId: requiredArg('The id of the post.'), text: optionalTextArg },
  flags: {
    to: string({ summary: 'The id of the reply that this one answers.', helpValue: '<replyId>' }),
    media: mediaFlag,
    alt: altFlag,
  },
  async run(command) {
    const { args, flags, twite, say } = command;
    const { postId } = args;
    const reply = await createWithMedia(command, (content) =>
      twite.replies.create({ ...content, postId, parentReplyId: flags.to }),
    );
    say(line`Replied ${reply.replyId}.${stillProcessing(reply.media)}`);
    return reply;
  },
});
