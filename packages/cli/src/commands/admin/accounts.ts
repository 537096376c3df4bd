import { option } from '@oclif/core/flags';
import { defineCommand } from '../../define-command.ts';
import { pageFlags } from '../../flags.ts';
import { pageInput, takePage } from '../../take-page.ts';
import { showAdminAccount } from '../../terminal/show.ts';

export default defineCommand({
  summary: 'List all accounts, newest first, including suspended ones.',
  operations: ['listAllAccounts'],
  flags: {
    ...pageFlags,
    status: option({
      summary: 'List only accounts with this status.',
      options: ['active', 'suspended'] as const,
    })(),
  },
  async run({ flags, twite, sayPage }) {
    const page = await takePage(
      twite.admin.listAccounts({ ...pageInput(flags), status: flags.status }),
      flags,
    );
    sayPage(page, showAdminAccount, { empty: 'No accounts.' });
    return page;
  },
});
