import { defineCommand } from '../../define-command.ts';
import { requiredArg } from '../../flags.ts';
import { line } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'Delete one of your replies.',
  operations: ['deleteReply'],
  args: { replyId: requiredArg('The id of the reply.') },
  async run({ args, twite, say }) {
    await twite.replies.delete({ replyId: args.replyId });
    say(line`Deleted reply ${args.replyId}.`);
  },
});
