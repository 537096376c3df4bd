import { option, string } from '@oclif/core/flags';
import { defineCommand } from '../../define-command.ts';
import { passwordStdin, requiredArg } from '../../flags.ts';
import { commandPassword } from '../../session/ask-password.ts';
import { refuseToken } from '../../session/refuse-token.ts';
import { line, lines } from '../../terminal/printable.ts';
import { UsageError } from '../../usage-error.ts';

/** A day, or a moment, as the API writes it. */
function timestamp(expires: string | undefined): string | undefined {
  if (expires === undefined) return undefined;
  const time = Date.parse(expires);
  if (Number.isNaN(time)) throw new UsageError(`--expires ${expires} is no date. Write it as 2030-12-31.`);
  return new Date(time).toISOString();
}

export default defineCommand({
  summary: 'Create a personal access token.',
  description: 'Asks for your password, unless TWITE_PASSWORD or --password-stdin gives it.',
  examples: ['<%= config.bin %> token create "my bot" --scope read --scope write'],
  operations: ['createToken'],
  args: { name: requiredArg('What it is for.') },
  flags: {
    scope: option({
      summary: 'What it may do; more than once for more.',
      options: ['read', 'write', 'admin'] as const,
      multiple: true,
      default: ['read'],
    })(),
    'password-stdin': passwordStdin,
    expires: string({ summary: 'When it ends, such as 2030-12-31.', helpValue: '<date>' }),
  },
  async run({ args, flags, twite, say }) {
    refuseToken(flags.token);
    const expiresAt = timestamp(flags.expires);
    const created = await twite.tokens.create({
      password: await commandPassword(flags['password-stdin']),
      name: args.name,
      scopes: flags.scope,
      expiresAt,
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
