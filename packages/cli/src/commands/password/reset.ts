import { boolean } from '@oclif/core/flags';
import { defineCommand } from '../../define-command.ts';
import { askPassword, readPasswordLines } from '../../session/ask-password.ts';
import { line } from '../../terminal/printable.ts';

/** Accepts a link or its token alone. */
const tokenIn = (link: string): string => /#token=([\w-]+)$/.exec(link.trim())?.[1] ?? link.trim();

export default defineCommand({
  summary: 'Set a new password with a reset link.',
  description:
    'Get the link from an admin. Asks for the link and for the new password, unless you set TWITE_RESET_LINK and TWITE_NEW_PASSWORD or use --password-stdin.',
  operations: ['resetPassword'],
  flags: {
    'password-stdin': boolean({
      summary: 'Read two lines from standard input: the link or its token, and the new password.',
      default: false,
    }),
  },
  async run({ flags, twite, say }) {
    const { TWITE_RESET_LINK, TWITE_NEW_PASSWORD } = process.env;
    const [link = '', newPassword = ''] = flags['password-stdin']
      ? await readPasswordLines(2)
      : [
          await askPassword({
            prompt: 'Reset link',
            environment: { name: 'TWITE_RESET_LINK', value: TWITE_RESET_LINK },
          }),
          await askPassword({
            prompt: 'New password',
            twice: true,
            environment: { name: 'TWITE_NEW_PASSWORD', value: TWITE_NEW_PASSWORD },
          }),
        ];
    await twite.sessions.resetPassword({ token: tokenIn(link), newPassword });
    say(line`Your password was changed, and you were signed out everywhere. Sign in with \`twite login\`.`);
  },
});
