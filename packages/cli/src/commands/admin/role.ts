import { string } from '@oclif/core/args';
import type { Role } from '@twite/sdk';
import { findAdminAccountId } from '../../accounts/admin-account-id.ts';
import { defineCommand } from '../../define-command.ts';
import { accountArg } from '../../flags.ts';
import { line } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'Set the role of an account.',
  operations: ['getAccountByHandle', 'listAllAccounts', 'setRole'],
  args: {
    account: accountArg,
    role: string({
      description: 'The role.',
      options: ['user', 'moderator', 'admin'] satisfies Role[],
      required: true,
      ignoreStdin: true,
    }),
  },
  async run({ args, twite, say }) {
    const accountId = await findAdminAccountId(twite, args.account);
    // oclif accepts only the options.
    const account = await twite.admin.setRole({ accountId, role: args.role as Role });
    say(line`@${account.handle} is ${account.role} now.`);
    return account;
  },
});
