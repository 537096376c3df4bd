import { defineLocalCommand } from '../../define-command.ts';
import { forOperator } from '../../embedded-server.ts';
import { dataDirFlag, requiredArg } from '../../flags.ts';
import { resetLinkText } from '../../terminal/reset-link.ts';

export default defineLocalCommand({
  summary: 'Create a password reset link for any account. Run this on the machine with the data.',
  description:
    'The link works once, within an hour, and replaces earlier links. The server can be running. With TWITE_ENGINE=distributed, it uses the services in the environment variables. The link begins with TWITE_PUBLIC_URL.',
  examples: ['<%= config.bin %> admin password cosette --data-dir ./data'],
  args: { handle: requiredArg('The handle of the account.') },
  flags: { 'data-dir': dataDirFlag },
  async run({ args, flags, say }) {
    const handle = args.handle.replace(/^@/, '');
    const reset = await forOperator(({ resetPassword }) =>
      resetPassword({ dataDir: flags['data-dir'], handle, env: process.env }),
    );
    say(resetLinkText(reset));
    return reset;
  },
});
