import { defineCommand } from '../../define-command.ts';
import { requiredArg } from '../../flags.ts';
import { line } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'Remove any post.',
  operations: ['removePost'],
  args: { postId: requiredArg('The id of the post.') },
  async run({ args, twite, say }) {
    await twite.admin.removePost({ postId: args.postId });
    say(line`Removed post ${args.postId}.`);
  },
});
