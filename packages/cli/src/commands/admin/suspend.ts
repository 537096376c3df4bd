import { string } from '@oclif/core/flags';
import { findAdminAccountId } from '../../accounts/admin-account-id.ts';
import { defineCommand } from '../../define-command.ts';
import { accountArg } from '../../flags.ts';
import { line } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'Suspend an account: sign it out and hide everything it posted.',
  operations: ['getAccountByHandle', 'listAllAccounts', 'suspendAccount'],
  args: { account: accountArg },
  flags: { reason: string({ summary: 'The reason, for moderators and the audit log.' }) },
  async run({ args, flags, twite, say }) {
    const accountId = await findAdminAccountId(twite, args.account);
    const account = await twite.admin.suspendAccount({ accountId, reason: flags.reason });
    say(line`Suspended @${account.handle}.`);
    return account;
  },
});
