import { defineCommand } from '../define-command.ts';
import { pageFlags, requiredArg } from '../flags.ts';
import { pageInput, takePage } from '../take-page.ts';
import { replyView } from '../terminal/show.ts';

export default defineCommand({
  summary: 'List the replies to a post, oldest first.',
  operations: ['listReplies'],
  args: { postId: requiredArg('The id of the post.') },
  flags: pageFlags,
  async run({ args, flags, twite, sayPage }) {
    const page = await takePage(twite.replies.list({ postId: args.postId, ...pageInput(flags) }), flags);
    sayPage(page, replyView, { empty: 'No replies yet.' });
    return page;
  },
});
