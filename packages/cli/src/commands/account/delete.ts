import { createInterface } from 'node:readline/promises';
import { boolean } from '@oclif/core/flags';
import { defineCommand } from '../../define-command.ts';
import { line } from '../../terminal/printable.ts';
import { UsageError } from '../../usage-error.ts';

async function confirm(handle: string): Promise<void> {
  if (!process.stdin.isTTY) throw new UsageError('Nobody to ask whether you are sure. Say so with --yes.');
  const terminal = createInterface({ input: process.stdin, output: process.stderr });
  try {
    const typed = await terminal.question(`All that @${handle} wrote is deleted for good. Type the handle: `);
    if (typed.trim().replace(/^@/, '') !== handle)
      throw new UsageError('Not the handle: nothing was deleted.');
  } finally {
    terminal.close();
  }
}

export default defineCommand({
  summary: 'Delete your account and all that it wrote, for good.',
  operations: ['getMe', 'deleteMe'],
  flags: { yes: boolean({ summary: 'Do not ask.', default: false }) },
  async run({ flags, twite, say }) {
    const { handle } = await twite.me.get();
    if (!flags.yes) await confirm(handle);
    await twite.me.delete();
    say(line`@${handle} is deleted.`);
  },
});
