import { option, string } from '@oclif/core/flags';
import { defineCommand } from '../../define-command.ts';
import { expiryFrom } from '../../expiry.ts';
import { passwordStdin, requiredArg } from '../../flags.ts';
import { commandPassword } from '../../session/ask-password.ts';
import { refuseToken } from '../../session/refuse-token.ts';
import { line, lines } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'Create a personal access token.',
  description: 'Asks for your password, unless you set TWITE_PASSWORD or use --password-stdin.',
  examples: ['<%= config.bin %> token create "my bot" --scope read,write --expires 90d'],
  operations: ['createToken'],
  args: { name: requiredArg('A name that says what the token is for.') },
  flags: {
    scope: option({
      summary: 'The scopes of the token, such as read,write.',
      options: ['read', 'write', 'admin'] as const,
      multiple: true,
      // Otherwise `--scope read NAME` would take the name for a second scope.
      multipleNonGreedy: true,
      delimiter: ',',
      default: ['read'],
    })(),
    'password-stdin': passwordStdin,
    expires: string({
      summary: 'When the token expires: a duration such as 12h, 30d or 8w, or a date such as 2030-12-31.',
      helpValue: '<when>',
    }),
  },
  async run({ args, flags, twite, say }) {
    refuseToken(flags.token);
    const expiresAt = flags.expires === undefined ? undefined : expiryFrom(flags.expires, Date.now());
    const created = await twite.tokens.create({
      password: await commandPassword(flags['password-stdin']),
      name: args.name,
      scopes: flags.scope,
      expiresAt,
    });
    say(
      lines([
        line`${created.secret}`,
        line`Save the token now: it is not shown again. Its id is ${created.token.tokenId}.`,
      ]),
    );
    return created;
  },
});
