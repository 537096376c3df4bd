import { findAccountId } from '../accounts/account-name.ts';
import { defineCommand } from '../define-command.ts';
import { accountArg } from '../flags.ts';
import { line } from '../terminal/printable.ts';

export default defineCommand({
  summary: 'Mute an account: hide its posts from your home timeline.',
  operations: ['getAccountByHandle', 'muteAccount'],
  args: { account: accountArg },
  async run({ args, twite, say }) {
    const relationship = await twite.accounts.mute({ accountId: await findAccountId(twite, args.account) });
    say(line`Muted ${args.account}.`);
    return relationship;
  },
});
