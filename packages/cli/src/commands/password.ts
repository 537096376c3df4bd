import { boolean } from '@oclif/core/flags';
import { defineCommand } from '../define-command.ts';
import { askPassword, readPasswordLines } from '../session/ask-password.ts';
import { line } from '../terminal/printable.ts';

export default defineCommand({
  summary: 'Change your password.',
  description:
    'Ends all other sessions and all personal access tokens. Asks for both passwords, unless you set TWITE_PASSWORD and TWITE_NEW_PASSWORD or use --password-stdin.',
  operations: ['changePassword'],
  flags: {
    'password-stdin': boolean({
      summary: 'Read two lines from standard input: the current password and the new one.',
      default: false,
    }),
  },
  async run({ flags, twite, say }) {
    const { TWITE_PASSWORD, TWITE_NEW_PASSWORD } = process.env;
    const [currentPassword = '', newPassword = ''] = flags['password-stdin']
      ? await readPasswordLines(2)
      : [
          await askPassword({
            prompt: 'Current password',
            environment: { name: 'TWITE_PASSWORD', value: TWITE_PASSWORD },
          }),
          await askPassword({
            prompt: 'New password',
            twice: true,
            environment: { name: 'TWITE_NEW_PASSWORD', value: TWITE_NEW_PASSWORD },
          }),
        ];
    await twite.me.changePassword({ currentPassword, newPassword });
    say(line`Your password was changed. All other sessions and all tokens were ended.`);
  },
});
