import { findAccountId } from '../accounts/account-name.ts';
import { defineCommand } from '../define-command.ts';
import { accountArg } from '../flags.ts';
import { line } from '../terminal/printable.ts';

export default defineCommand({
  summary: 'Block an account.',
  operations: ['getAccountByHandle', 'blockAccount'],
  args: { account: accountArg },
  async run({ args, twite, say }) {
    const relationship = await twite.accounts.block({ accountId: await findAccountId(twite, args.account) });
    say(line`Blocked ${args.account}.`);
    return relationship;
  },
});
