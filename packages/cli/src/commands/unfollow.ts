import { findAccountId } from '../accounts/account-name.ts';
import { defineCommand } from '../define-command.ts';
import { accountArg } from '../flags.ts';
import { line } from '../terminal/printable.ts';

export default defineCommand({
  summary: 'Unfollow an account.',
  operations: ['getAccountByHandle', 'unfollowAccount'],
  args: { account: accountArg },
  async run({ args, twite, say }) {
    const relationship = await twite.accounts.unfollow({
      accountId: await findAccountId(twite, args.account),
    });
    say(line`Unfollowed ${args.account}.`);
    return relationship;
  },
});
