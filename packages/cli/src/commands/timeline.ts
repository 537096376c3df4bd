import { boolean } from '@oclif/core/flags';
import { defineCommand } from '../define-command.ts';
import { pageFlags } from '../flags.ts';
import { pageInput, takePage } from '../take-page.ts';
import { postView } from '../terminal/show.ts';

export default defineCommand({
  summary: 'Show your home timeline, or the public timeline, newest first.',
  operations: ['getHomeTimeline', 'getPublicTimeline'],
  flags: { ...pageFlags, public: boolean({ summary: 'Show the public posts of all accounts instead.' }) },
  async run({ flags, twite, sayPage }) {
    const input = pageInput(flags);
    const page = await takePage(
      flags.public ? twite.timelines.public(input) : twite.timelines.home(input),
      flags,
    );
    sayPage(page, postView, {
      empty: flags.public
        ? 'Nobody has posted here yet. Be the first: twite post "Hello"'
        : 'Nothing here yet. Find accounts to follow with `twite recommend` and `twite timeline --public`.',
    });
    return page;
  },
});
