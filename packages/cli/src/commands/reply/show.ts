import { defineCommand } from '../../define-command.ts';
import { requiredArg } from '../../flags.ts';
import { showReply } from '../../terminal/show.ts';

export default defineCommand({
  summary: 'Show a reply.',
  operations: ['getReply'],
  args: { replyId: requiredArg('The id of the reply.') },
  async run({ args, twite, say }) {
    const reply = await twite.replies.get({ replyId: args.replyId });
    say(showReply(reply));
    return reply;
  },
});
