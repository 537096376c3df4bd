import { string } from '@oclif/core/args';
import { findAccountId } from '../accounts/account-name.ts';
import { defineCommand } from '../define-command.ts';
import { line } from '../terminal/printable.ts';
import { showRelationship } from '../terminal/show.ts';

export default defineCommand({
  summary: 'Show your relationship to each account.',
  operations: ['getAccountByHandle', 'listRelationships'],
  args: {
    accounts: string({
      description: 'Up to 100 accounts, each as @handle, handle or id.',
      required: true,
      multiple: true,
      ignoreStdin: true,
    }),
  },
  async run({ args, twite, sayPage }) {
    const names = new Map<string, string>();
    for (const name of args.accounts) names.set(await findAccountId(twite, name), name);
    const page = await twite.relationships.list({ accountIds: [...names.keys()] });
    sayPage(page, (one) => line`${names.get(one.accountId) ?? one.accountId}: ${showRelationship(one)}`, {
      empty: 'No account has this handle or id.',
    });
    return page;
  },
});
