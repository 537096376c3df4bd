import { defineCommand } from '../../define-command.ts';
import { pageFlags } from '../../flags.ts';
import { pageInput, takePage } from '../../take-page.ts';
import { likedItemView } from '../../terminal/show.ts';

export default defineCommand({
  summary: 'List the posts and replies that you like, newest like first.',
  description:
    'Also those that you may no longer see, by their ids alone. Take a like back with `twite unlike ID`, or `twite unlike ID --reply`.',
  operations: ['listMyLikes'],
  flags: pageFlags,
  async run({ flags, twite, sayPage }) {
    const page = await takePage(twite.me.listLikes(pageInput(flags)), flags);
    sayPage(page, likedItemView, { empty: 'You like nothing yet.' });
    return page;
  },
});
