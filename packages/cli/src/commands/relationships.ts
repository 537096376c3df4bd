import { string } from '@oclif/core/args';
import { findAccountId } from '../accounts/account-name.ts';
import { defineCommand } from '../define-command.ts';
import { line } from '../terminal/printable.ts';
import { showRelationship } from '../terminal/show.ts';

export default defineCommand({
  summary: 'Tell how you stand to some accounts.',
  operations: ['getAccountByHandle', 'listRelationships'],
  args: {
    accounts: string({
      description: 'Accounts: @handle, handle or id, as many as 100.',
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
      empty: 'No such accounts.',
    });
    return page;
  },
});
