import { findAdminAccountId } from '../../accounts/admin-account-id.ts';
import { defineCommand } from '../../define-command.ts';
import { accountArg } from '../../flags.ts';
import { resetLinkText } from '../../terminal/reset-link.ts';

export default defineCommand({
  summary: 'Make a link that resets the password of an account.',
  description:
    'The link works once, for an hour, and replaces the one before. Give it to the owner of the account. Passwords of admins are reset with `twite admin password`, on the machine.',
  operations: ['getAccountByHandle', 'listAllAccounts', 'createPasswordReset'],
  args: { account: accountArg },
  async run({ args, twite, say }) {
    const accountId = await findAdminAccountId(twite, args.account);
    const reset = await twite.admin.createPasswordReset({ accountId });
    say(resetLinkText(reset));
    return reset;
  },
});
