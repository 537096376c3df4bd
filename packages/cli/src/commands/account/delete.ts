import { boolean } from '@oclif/core/flags';
import { defineCommand } from '../../define-command.ts';
import { confirm } from '../../terminal/confirm.ts';
import { line } from '../../terminal/printable.ts';

export default defineCommand({
  summary: 'Delete your account and all that it wrote, for good.',
  operations: ['getMe', 'deleteMe'],
  flags: { yes: boolean({ summary: 'Do not ask.', default: false }) },
  async run({ flags, twite, say }) {
    const { handle } = await twite.me.get();
    if (!flags.yes) {
      await confirm({
        question: `All that @${handle} wrote is deleted for good. Type the handle`,
        isRight: (typed) => typed.replace(/^@/, '') === handle,
        otherwise: 'Not the handle: nothing was deleted.',
      });
    }
    await twite.me.delete();
    say(line`@${handle} is deleted.`);
  },
});
