import { getNamedAccount } from '../../accounts/account-name.ts';
import { defineCommand } from '../../define-command.ts';
import { optionalAccountArg } from '../../flags.ts';
import { showAccount } from '../../terminal/show.ts';

export default defineCommand({
  summary: 'Show an account.',
  aliases: ['profile:show'],
  operations: ['getMe', 'getAccount', 'getAccountByHandle'],
  args: { account: optionalAccountArg },
  async run({ args, twite, say }) {
    const account =
      args.account === undefined ? await twite.me.get() : await getNamedAccount(twite, args.account);
    say(showAccount(account));
    return account;
  },
});
