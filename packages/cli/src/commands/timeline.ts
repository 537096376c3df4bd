import { defineCommand } from '../define-command.ts';
import { pageFlags } from '../flags.ts';
import { pageInput, takePage } from '../take-page.ts';
import { showPage, showPost } from '../terminal/show.ts';

export default defineCommand({
  summary: 'Read your home timeline, newest first.',
  operations: ['getHomeTimeline'],
  flags: pageFlags,
  async run({ flags, twite, say }) {
    const page = await takePage(twite.timelines.home(pageInput(flags)), flags);
    say(
      showPage(page, showPost, {
        empty: 'Nothing here yet. Follow someone: twite follow HANDLE, or see twite recommend',
        apart: true,
      }),
    );
    return page;
  },
});
