import { findAccountId } from '../accounts/account-name.ts';
import { defineCommand } from '../define-command.ts';
import { accountArg } from '../flags.ts';
import { line } from '../terminal/printable.ts';

export default defineCommand({
  summary: 'Unblock an account.',
  operations: ['getAccountByHandle', 'unblockAccount'],
  args: { account: accountArg },
  async run({ args, twite, say }) {
    const relationship = await twite.accounts.unblock({
      accountId: await findAccountId(twite, args.account),
    });
    say(line`Unblocked ${args.account}.`);
    return relationship;
  },
});
