import { defineCommand } from '../define-command.ts';
import { pageFlags, requiredArg } from '../flags.ts';
import { pageInput, takePage } from '../take-page.ts';
import { showAccountLine } from '../terminal/show.ts';

export default defineCommand({
  summary: 'List the accounts that like a post, newest like first.',
  operations: ['listPostLikes'],
  args: { postId: requiredArg('The id of the post.') },
  flags: pageFlags,
  async run({ args, flags, twite, sayPage }) {
    const page = await takePage(twite.posts.listLikes({ postId: args.postId, ...pageInput(flags) }), flags);
    sayPage(page, showAccountLine, { empty: 'No likes yet.' });
    return page;
  },
});
