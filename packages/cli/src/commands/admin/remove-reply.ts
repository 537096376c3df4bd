import { defineCommand } from '../../define-command.ts';
import { requiredArg } from '../../flags.ts';
import { line } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'Remove any reply.',
  operations: ['removeReply'],
  args: { replyId: requiredArg('The id of the reply.') },
  async run({ args, twite, say }) {
    await twite.admin.removeReply({ replyId: args.replyId });
    say(line`Removed reply ${args.replyId}.`);
  },
});
