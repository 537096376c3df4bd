import { defineCommand } from '../../define-command.ts';
import { requiredArg } from '../../flags.ts';
import { line } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'Revoke a personal access token.',
  operations: ['deleteToken'],
  args: { tokenId: requiredArg('The id of the token.') },
  async run({ args, twite, say }) {
    await twite.tokens.delete({ tokenId: args.tokenId });
    say(line`Revoked token ${args.tokenId}.`);
  },
});
