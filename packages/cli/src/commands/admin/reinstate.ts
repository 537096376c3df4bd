import { findAdminAccountId } from '../../accounts/admin-account-id.ts';
import { defineCommand } from '../../define-command.ts';
import { accountArg } from '../../flags.ts';
import { line } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'Reinstate a suspended account.',
  operations: ['getAccountByHandle', 'listAllAccounts', 'reinstateAccount'],
  args: { account: accountArg },
  async run({ args, twite, say }) {
    const accountId = await findAdminAccountId(twite, args.account);
    const account = await twite.admin.reinstateAccount({ accountId });
    say(line`Reinstated @${account.handle}.`);
    return account;
  },
});
