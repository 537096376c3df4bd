import { defineCommand } from '../../define-command.ts';
import { requiredArg, yes } from '../../flags.ts';
import { confirmInTerminal } from '../../terminal/confirm.ts';
import { line } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'Remove any post.',
  operations: ['removePost'],
  args: { postId: requiredArg('The id of the post.') },
  flags: { yes },
  async run({ args, flags, twite, say }) {
    await confirmInTerminal(`Remove post ${args.postId}?`, flags.yes);
    await twite.admin.removePost({ postId: args.postId });
    say(line`Removed post ${args.postId}.`);
  },
});
