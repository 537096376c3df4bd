import { defineCommand } from '../../define-command.ts';
import { requiredArg, yes } from '../../flags.ts';
import { confirmInTerminal } from '../../terminal/confirm.ts';
import { line } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'Remove any reply.',
  operations: ['removeReply'],
  args: { replyId: requiredArg('The id of the reply.') },
  flags: { yes },
  async run({ args, flags, twite, say }) {
    await confirmInTerminal(`Remove reply ${args.replyId}?`, flags.yes);
    await twite.admin.removeReply({ replyId: args.replyId });
    say(line`Removed reply ${args.replyId}.`);
  },
});
