import { findAccountId } from '../accounts/account-name.ts';
import { defineCommand } from '../define-command.ts';
import { accountArg } from '../flags.ts';
import { line } from '../terminal/printable.ts';

export default defineCommand({
  summary: 'Follow an account.',
  operations: ['getAccountByHandle', 'followAccount'],
  args: { account: accountArg },
  async run({ args, twite, say }) {
    const relationship = await twite.accounts.follow({ accountId: await findAccountId(twite, args.account) });
    say(line`Followed ${args.account}.${relationship.followedBy ? ' They follow you too.' : ''}`);
    return relationship;
  },
});
