import { string } from '@oclif/core/flags';
import { defineCommand } from '../define-command.ts';
import { requiredArg, textArg } from '../flags.ts';
import { readText } from '../read-text.ts';
import { line } from '../terminal/printable.ts';

export default defineCommand({
  summary: 'Reply to a post, or to one of its replies.',
  examples: ['<%= config.bin %> reply 1855647289012345678 "So it is."'],
  aliases: ['reply:create'],
  operations: ['createReply'],
  args: { postId: requiredArg('The id of the post.'), text: textArg },
  flags: { to: string({ summary: 'The id of the reply that this one answers.', helpValue: '<replyId>' }) },
  async run({ args, flags, twite, say }) {
    const reply = await twite.replies.create({
      postId: args.postId,
      text: await readText(args.text),
      parentReplyId: flags.to,
    });
    say(line`Replied ${reply.replyId}.`);
    return reply;
  },
});
