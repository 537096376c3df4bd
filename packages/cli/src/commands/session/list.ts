import { defineCommand } from '../../define-command.ts';
import { pageFlags } from '../../flags.ts';
import { pageInput, takePage } from '../../take-page.ts';
import { showSession } from '../../terminal/show.ts';

export default defineCommand({
  summary: 'List your sessions, newest first.',
  operations: ['listSessions'],
  flags: pageFlags,
  async run({ flags, twite, sayPage }) {
    const page = await takePage(twite.sessions.list(pageInput(flags)), flags);
    sayPage(page, showSession, { empty: 'No sessions.' });
    return page;
  },
});
