import { defineCommand } from '../../define-command.ts';
import { requiredArg } from '../../flags.ts';
import { line } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'Delete one of your posts.',
  operations: ['deletePost'],
  args: { postId: requiredArg('The id of the post.') },
  async run({ args, twite, say }) {
    await twite.posts.delete({ postId: args.postId });
    say(line`Deleted post ${args.postId}.`);
  },
});
