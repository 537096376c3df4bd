import { findAccountIdOrMine } from '../accounts/account-name.ts';
import { defineCommand } from '../define-command.ts';
import { optionalAccountArg, pageFlags } from '../flags.ts';
import { pageInput, takePage } from '../take-page.ts';
import { showAccountLine, showPage } from '../terminal/show.ts';

export default defineCommand({
  summary: 'List whom an account follows, newest follow first.',
  operations: ['getMe', 'getAccountByHandle', 'listFollowing'],
  args: { account: optionalAccountArg },
  flags: pageFlags,
  async run({ args, flags, twite, say }) {
    const page = await takePage(
      twite.accounts.listFollowing({
        accountId: await findAccountIdOrMine(twite, args.account),
        ...pageInput(flags),
      }),
      flags,
    );
    say(showPage(page, showAccountLine, { empty: 'Follows nobody.' }));
    return page;
  },
});
