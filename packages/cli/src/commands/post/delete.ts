import { defineCommand } from '../../define-command.ts';
import { requiredArg, yes } from '../../flags.ts';
import { confirmInTerminal } from '../../terminal/confirm.ts';
import { line } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'Delete one of your posts.',
  operations: ['deletePost'],
  args: { postId: requiredArg('The id of the post.') },
  flags: { yes },
  async run({ args, flags, twite, say }) {
    await confirmInTerminal(`Delete post ${args.postId}?`, flags.yes);
    await twite.posts.delete({ postId: args.postId });
    say(line`Deleted post ${args.postId}.`);
  },
});
