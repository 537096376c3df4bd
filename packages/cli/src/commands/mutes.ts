import { defineCommand } from '../define-command.ts';
import { pageFlags } from '../flags.ts';
import { pageInput, takePage } from '../take-page.ts';
import { showAccountLine } from '../terminal/show.ts';

export default defineCommand({
  summary: 'List the accounts that you mute, newest first.',
  operations: ['listMutes'],
  flags: pageFlags,
  async run({ flags, twite, sayPage }) {
    const page = await takePage(twite.accounts.listMutes(pageInput(flags)), flags);
    sayPage(page, showAccountLine, { empty: 'You have not muted anyone.' });
    return page;
  },
});
