import { defineCommand } from '../../define-command.ts';
import { passwordStdin, yes } from '../../flags.ts';
import { commandPassword } from '../../session/ask-password.ts';
import { refuseToken } from '../../session/refuse-token.ts';
import { confirm } from '../../terminal/confirm.ts';
import { line } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'Permanently delete your account and everything it wrote.',
  description: 'Asks for your password, unless you set TWITE_PASSWORD or use --password-stdin.',
  operations: ['getMe', 'deleteMe'],
  flags: {
    yes,
    'password-stdin': passwordStdin,
  },
  async run({ flags, twite, say }) {
    refuseToken(flags.token);
    const { handle } = await twite.me.get();
    if (!flags.yes) {
      await confirm({
        question: `This permanently deletes everything that @${handle} wrote. Type the handle to confirm`,
        isRight: (typed) => typed.replace(/^@/, '') === handle,
        otherwise: 'That is not the handle. Nothing was deleted.',
      });
    }
    await twite.me.delete({ password: await commandPassword(flags['password-stdin']) });
    say(line`Deleted @${handle}.`);
  },
});
