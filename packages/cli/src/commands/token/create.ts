import { option, string } from '@oclif/core/flags';
import { defineCommand } from '../../define-command.ts';
import { expiryFrom } from '../../expiry.ts';
import { requiredArg } from '../../flags.ts';
import { line, lines } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'Create a personal access token.',
  examples: ['<%= config.bin %> token create "my bot" --scope read,write --expires 90d'],
  operations: ['createToken'],
  args: { name: requiredArg('What it is for.') },
  flags: {
    scope: option({
      summary: 'What it may do, such as read,write.',
      options: ['read', 'write', 'admin'] as const,
      multiple: true,
      // `--scope read NAME` would take the name for a second scope.
      multipleNonGreedy: true,
      delimiter: ',',
      default: ['read'],
    })(),
    expires: string({
      summary: 'When it ends: a duration such as 12h, 30d or 8w, or a day such as 2030-12-31.',
      helpValue: '<when>',
    }),
  },
  async run({ args, flags, twite, say }) {
    const created = await twite.tokens.create({
      name: args.name,
      scopes: flags.scope,
      expiresAt: flags.expires === undefined ? undefined : expiryFrom(flags.expires, Date.now()),
    });
    say(
      lines([
        line`${created.secret}`,
        line`Keep it now: it is not shown again. Its id is ${created.token.tokenId}.`,
      ]),
    );
    return created;
  },
});
