import { findAccountId } from '../accounts/account-name.ts';
import { defineCommand } from '../define-command.ts';
import { accountArg } from '../flags.ts';
import { line } from '../terminal/printable.ts';

export default defineCommand({
  summary: 'Unmute an account.',
  operations: ['getAccountByHandle', 'unmuteAccount'],
  args: { account: accountArg },
  async run({ args, twite, say }) {
    const relationship = await twite.accounts.unmute({ accountId: await findAccountId(twite, args.account) });
    say(line`Unmuted ${args.account}.`);
    return relationship;
  },
});
