import { defineCommand } from '../../define-command.ts';
import { requiredArg, yes } from '../../flags.ts';
import { confirmInTerminal } from '../../terminal/confirm.ts';
import { line } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'Delete one of your replies.',
  operations: ['deleteReply'],
  args: { replyId: requiredArg('The id of the reply.') },
  flags: { yes },
  async run({ args, flags, twite, say }) {
    await confirmInTerminal(`Delete reply ${args.replyId}?`, flags.yes);
    await twite.replies.delete({ replyId: args.replyId });
    say(line`Deleted reply ${args.replyId}.`);
  },
});
