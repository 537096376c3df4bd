import { defineCommand } from '../../define-command.ts';
import { pageFlags } from '../../flags.ts';
import { pageInput, takePage } from '../../take-page.ts';
import { showToken } from '../../terminal/show.ts';

export default defineCommand({
  summary: 'List your personal access tokens, newest first.',
  operations: ['listTokens'],
  flags: pageFlags,
  async run({ flags, twite, sayPage }) {
    const page = await takePage(twite.tokens.list(pageInput(flags)), flags);
    sayPage(page, showToken, { empty: 'No tokens.' });
    return page;
  },
});
