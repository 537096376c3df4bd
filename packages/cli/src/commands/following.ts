import { findAccountIdOrMine } from '../accounts/account-name.ts';
import { defineCommand } from '../define-command.ts';
import { optionalAccountArg, pageFlags } from '../flags.ts';
import { pageInput, takePage } from '../take-page.ts';
import { showAccountLine } from '../terminal/show.ts';

export default defineCommand({
  summary: 'List the accounts that an account follows, newest first.',
  operations: ['getMe', 'getAccountByHandle', 'listFollowing'],
  args: { account: optionalAccountArg },
  flags: pageFlags,
  async run({ args, flags, twite, sayPage }) {
    const page = await takePage(
      twite.accounts.listFollowing({
        accountId: await findAccountIdOrMine(twite, args.account),
        ...pageInput(flags),
      }),
      flags,
    );
    sayPage(page, showAccountLine, { empty: 'Not following anyone yet.' });
    return page;
  },
});
