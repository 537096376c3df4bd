import { defineCommand } from '../../define-command.ts';
import { pageFlags } from '../../flags.ts';
import { pageInput, takePage } from '../../take-page.ts';
import { likedItemView } from '../../terminal/show.ts';

export default defineCommand({
  summary: 'List the posts and replies that you like, newest like first.',
  description:
    'Includes the ids of posts and replies that you can no longer see. Unlike them with `twite unlike ID`, or `twite unlike ID --reply`.',
  operations: ['listMyLikes'],
  flags: pageFlags,
  async run({ flags, twite, sayPage }) {
    const page = await takePage(twite.me.listLikes(pageInput(flags)), flags);
    sayPage(page, likedItemView, { empty: 'You have not liked anything yet.' });
    return page;
  },
});
