import { findAdminAccountId } from '../../accounts/admin-account-id.ts';
import { defineCommand } from '../../define-command.ts';
import { accountArg } from '../../flags.ts';
import { resetLinkText } from '../../terminal/reset-link.ts';

export default defineCommand({
  summary: 'Create a password reset link for an account.',
  description:
    'The link works once, within an hour, and replaces earlier links. Give it to the owner of the account. To reset the password of an admin, run `twite admin password` on the server.',
  operations: ['getAccountByHandle', 'listAllAccounts', 'createPasswordReset'],
  args: { account: accountArg },
  async run({ args, twite, say }) {
    const accountId = await findAdminAccountId(twite, args.account);
    const reset = await twite.admin.createPasswordReset({ accountId });
    say(resetLinkText(reset));
    return reset;
  },
});
