import { boolean } from '@oclif/core/flags';
import { defineCommand } from '../define-command.ts';
import { pageFlags, requiredArg } from '../flags.ts';
import { pageInput, takePage } from '../take-page.ts';
import { showAccountLine, showPage, showPost } from '../terminal/show.ts';

export default defineCommand({
  summary: 'Search posts, or accounts.',
  description:
    'Posts: words, "exact phrases", -not, from:handle and #tag. Accounts: the start of a handle, or a name.',
  examples: ['<%= config.bin %> search "barricade from:enjolras"', '<%= config.bin %> search cos --accounts'],
  operations: ['searchPosts', 'searchAccounts'],
  args: { query: requiredArg('What to look for, in quotes.') },
  flags: { ...pageFlags, accounts: boolean({ summary: 'Search accounts.', default: false }) },
  async run({ args, flags, twite, say }) {
    const input = { q: args.query, ...pageInput(flags) };
    if (flags.accounts) {
      const page = await takePage(twite.search.accounts(input), flags);
      say(showPage(page, showAccountLine, { empty: 'No account found.' }));
      return page;
    }
    const page = await takePage(twite.search.posts(input), flags);
    say(showPage(page, showPost, { empty: 'No post found.', apart: true }));
    return page;
  },
});
