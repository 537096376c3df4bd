import { findAccountIdOrMine } from '../../accounts/account-name.ts';
import { defineCommand } from '../../define-command.ts';
import { optionalAccountArg, pageFlags } from '../../flags.ts';
import { pageInput, takePage } from '../../take-page.ts';
import { postView } from '../../terminal/show.ts';

export default defineCommand({
  summary: 'List the posts that an account likes, newest like first.',
  operations: ['getMe', 'getAccountByHandle', 'listLikedPosts'],
  args: { account: optionalAccountArg },
  flags: pageFlags,
  async run({ args, flags, twite, sayPage }) {
    const page = await takePage(
      twite.accounts.listLikes({
        accountId: await findAccountIdOrMine(twite, args.account),
        ...pageInput(flags),
      }),
      flags,
    );
    sayPage(page, postView, { empty: 'No likes yet.' });
    return page;
  },
});
