import { boolean } from '@oclif/core/flags';
import { defineCommand } from '../define-command.ts';
import { pageFlags, requiredArg } from '../flags.ts';
import { pageInput, takePage } from '../take-page.ts';
import { postView, showAccountLine } from '../terminal/show.ts';

export default defineCommand({
  summary: 'Search posts, or accounts.',
  description:
    'Posts: words, "exact phrases", #tags, from:handle and has:media, each with a minus sign to exclude it. Accounts: the start of a handle or of a word of a name.',
  examples: ['<%= config.bin %> search "barricade from:enjolras"', '<%= config.bin %> search cos --accounts'],
  operations: ['searchPosts', 'searchAccounts'],
  args: { query: requiredArg('The query, in quotes.') },
  flags: {
    ...pageFlags,
    accounts: boolean({ summary: 'Search accounts instead of posts.', default: false }),
  },
  async run({ args, flags, twite, sayPage }) {
    const input = { q: args.query, ...pageInput(flags) };
    if (flags.accounts) {
      const page = await takePage(twite.search.accounts(input), flags);
      sayPage(page, showAccountLine, { empty: 'No accounts found.' });
      return page;
    }
    const page = await takePage(twite.search.posts(input), flags);
    sayPage(page, postView, { empty: 'No posts found.' });
    return page;
  },
});
